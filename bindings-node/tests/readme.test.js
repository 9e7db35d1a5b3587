// The JavaScript of the README runs as it stands there, from the top of the repository.
'use strict'

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { test } = require('node:test')

const root = path.join(__dirname, '..', '..')
const blocks = [...fs.readFileSync(path.join(root, 'README.md'), 'utf8').matchAll(/^```js\n(.*?)^```$/gms)].map((match) => match[1])

test('there is JavaScript in the README', () => assert.ok(blocks.length > 0))

for (const [at, block] of blocks.entries()) {
  test(`block ${at + 1} runs and shows the worst findings`, (t) => {
    // Inside the package, so that its own name leads to it.
    const file = path.join(__dirname, `readme-${process.pid}-${at}.built.mjs`)
    t.after(() => fs.rmSync(file, { force: true }))
    fs.writeFileSync(file, block)
    const shown = execFileSync(process.execPath, [file], { cwd: root, encoding: 'utf8' })
    assert.match(shown, /gains control of/)
  })
}
