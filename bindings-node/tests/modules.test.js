'use strict'

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const { join } = require('node:path')
const { test } = require('node:test')

test('both kinds of modules give the same things', async () => {
  const common = require('tenantgraph')
  const { default: _, ...module } = await import('tenantgraph')
  assert.deepEqual(Object.keys(module).sort(), Object.keys(common).sort())
  for (const name of Object.keys(common)) assert.equal(module[name], common[name], name)
})

test('nothing keeps a process alive that has its answer', () => {
  const call = "read({ format: 'tenantgraph/1' }, { onProgress() {} })"
  const script = `require('tenantgraph').${call}.then((estate) => console.log(estate.length))`
  assert.equal(execFileSync(process.execPath, ['-e', script], { cwd: join(__dirname, '..'), encoding: 'utf8', timeout: 10_000 }), '0\n')
})
