'use strict'

const assert = require('node:assert/strict')
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { test } = require('node:test')
const { Estate, words } = require('..')
const { OPTIONS } = require('../lib/options.js')
const native = require('../native.js')
const { generated } = require('../scripts/generated.js')

const text = (...parts) => readFileSync(join(__dirname, '..', ...parts), 'utf8')

test('the committed declarations are the generated ones (else run `make generate-node` in bindings-node)', () => {
  assert.equal(text('native.d.ts'), text('native.built.d.ts'))
  for (const [file, wanted] of generated()) assert.equal(readFileSync(file, 'utf8'), wanted, file)
})

test('every question of the crate is a method, and every option of it has a name here', () => {
  const methods = { matrix: 'tenantMatrix', 'blast-radius': 'blastRadius', 'what-if': 'whatIf' }
  for (const { name, options } of native.questions()) {
    assert.equal(typeof Estate.prototype[methods[name] ?? name], 'function', name)
    for (const option of options) assert.ok(Object.hasOwn(OPTIONS, option) || option === 'lost', option)
  }
})

test('words are frozen', () => {
  assert.ok(Object.isFrozen(words) && Object.values(words).every(Object.isFrozen))
})

test('the lock file names no host', () => {
  assert.doesNotMatch(text('package-lock.json'), /:\/\//)
})

test('the package has the version of the crates', () => {
  const { version } = JSON.parse(text('package.json'))
  assert.match(readFileSync(join(__dirname, '..', '..', 'Cargo.toml'), 'utf8'), new RegExp(`^version = "${version}"$`, 'm'))
})
