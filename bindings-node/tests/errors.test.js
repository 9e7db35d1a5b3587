'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { inspect } = require('node:util')
const { gzipSync } = require('node:zlib')
const { Estate, Policy, TenantGraphError, read, words } = require('..')
const { AS_OF, acme } = require('./acme.js')

/** The error of a call that must fail. */
async function failure(call) {
  const error = await call().then(
    () => assert.fail('the call should have failed'),
    (error) => error,
  )
  assert.ok(error instanceof TenantGraphError && error instanceof Error, inspect(error))
  assert.ok(words.errorCode.includes(error.code), error.code)
  assert.equal(error.name, 'TenantGraphError')
  return error
}

test('an error has a code, and its place where that is known', async () => {
  const error = await failure(() => read({ name: 'cut.json', content: '{"format": "tenantgraph/1", "tenants": [{' }))
  assert.equal(error.code, 'invalid_input')
  assert.equal(error.place.source, 'cut.json')
  assert.equal(error.place.line, 1)
  assert.match(error.message, /^cut\.json/)
  assert.match(error.stack, /^TenantGraphError: cut\.json/)
})

test('each kind of unusable input has its code', async () => {
  const content = (content, format) => read({ name: 'input', content, format })
  const codes = {
    unknown_format: [
      () => content('id,name\n'),
      () => content(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0])),
      () => content('{}', 'carrier-pigeon'),
    ],
    invalid_input: [() => content('', 'tenantgraph'), () => content('\ufffe', 'tenantgraph')],
    io: [() => read('no/such/file.json'), () => read('no/such/*.json'), () => read(acme(), { labels: 'no/such/labels.csv' })],
    invalid_document: [() => read({ format: 'tenantgraph/1', tenants: 7 }), () => Estate.fromDocument({ colours: [] })],
    invalid_labels: [() => read(acme(), { labels: { content: 'colour\nred\n' } })],
  }
  for (const [code, calls] of Object.entries(codes)) {
    for (const call of calls) assert.equal((await failure(call)).code, code, String(call))
  }
})

test('each kind of unusable question has its code', async () => {
  const estate = await read(acme(), { asOf: AS_OF })
  const codes = {
    invalid_selector: [() => estate.reach({ source: 'colour=red' }), () => estate.reach({ target: { colour: 'red' } })],
    unknown_entity: [() => estate.blastRadius('nobody')],
    invalid_policy: [
      () => read(acme(), { policy: { due_soon_days: -1 } }),
      () => estate.rotation({ policy: { colour: 'red' } }),
      async () => Policy.parse('due_soon_days = 1 2'),
      async () => Policy.parse('{', 'json'),
      () => estate.assess({ policy: { severities: { 'no-such-rule': 'low' } } }),
    ],
    io: [() => Policy.read('no/such/policy.toml'), () => estate.assess({ policy: 'no/such/policy.toml' })],
  }
  for (const [code, calls] of Object.entries(codes)) {
    for (const call of calls) assert.equal((await failure(call)).code, code, String(call))
  }
})

test('a call that is not as described is refused, never taken for a default', async () => {
  const estate = await read(acme(), { asOf: AS_OF })
  const calls = [
    () => read(),
    () => read([]),
    () => read(7),
    () => read([null]),
    () => read(new URL('ftp://acme.example/export.json')),
    () => read({ content: 7 }),
    () => read({ path: 7 }),
    () => read({ content: '{}', colour: 'red' }),
    () => read(acme(), { lables: 'labels.csv' }),
    () => read(acme(), null),
    () => read(acme(), { fingerprintKey: 'short' }),
    () => read(acme(), { fingerprintKey: 7 }),
    () => read(acme(), { asOf: 7 }),
    () => read(acme(), { signal: 'stop' }),
    () => read(acme(), { onProgress: 'bar' }),
    () => Estate.fromDocument(7),
    async () => new Policy(),
    async () => Policy.from('policy.toml'),
    async () => Policy.parse(Buffer.from('')),
    async () => Policy.parse('', 'yaml'),
    () => Policy.read(7),
    () => estate.assess({ policy: 7 }),
    () => estate.assess({ asOf: new Date('never') }),
    async () => (await estate.assess()).toText({ width: 0 }),
    () => estate.reach({ paths: -1 }),
    () => estate.reach({ paths: '3' }),
    () => estate.reach({ provenOnly: 'yes' }),
    () => estate.reach({ ignoreGuards: ['moat'] }),
    () => estate.reach({ ignoreGuards: 7 }),
    () => estate.reach({ source: { class: 7 } }),
    () => estate.reach({ from: 'class=production' }),
    () => estate.reach('class=production'),
    () => estate.blastRadius(),
    () => estate.blastRadius([]),
    () => estate.blastRadius([7]),
    async () => (await read(acme())).reach(),
    async () => (await read(acme())).assess(),
  ]
  for (const call of calls) assert.equal((await failure(call)).code, 'invalid_option', String(call))
})

test('what would take too much memory is refused before it begins', async () => {
  const document = { format: 'tenantgraph/1', tenants: [{ id: 'acme' }] }
  assert.equal((await failure(() => Estate.fromDocument(document, { memoryLimit: 16 }))).code, 'limit_exceeded')
  const estate = await Estate.fromDocument(document, { memoryLimit: 1 << 20, asOf: AS_OF })
  assert.equal(estate.memoryLimit, 1 << 20)
  assert.deepEqual((await estate.reach()).crossings, [])
  assert.equal((await failure(() => estate.reach({ memoryLimit: 16 }))).code, 'limit_exceeded')
  assert.equal((await failure(() => estate.reach({ memoryLimit: -1 }))).code, 'invalid_option')
})

test('what is packed is unpacked up to a limit', async () => {
  const packed = gzipSync('{"record":"tenant","id":"acme"}\n'.repeat(100))
  assert.equal((await read(packed)).length, 1)
  assert.equal((await failure(() => read(packed, { unpackedLimit: 1000 }))).code, 'limit_exceeded')
  assert.equal((await failure(() => read(packed, { unpackedLimit: -1 }))).code, 'invalid_option')
})

test('an estate is made by reading only', () => {
  assert.throws(() => new Estate(), { code: 'invalid_option' })
})

test('no error and no view of one holds text of an input', async () => {
  const canary = 'CANARY-3f9a'
  const secret = { id: 'key', kind: canary, colour: canary, [canary]: canary }
  const texts = [
    `{"format": "tenantgraph/1", "secrets": [{"id": "key", "value": "${canary}`,
    `{"format": "tenantgraph/1", "${canary}": []}`,
    `{"format": "${canary}"}`,
    `[${canary}]`,
    canary,
    `{"record": "${canary}"}`,
  ]
  for (const text of texts) {
    for (const format of [undefined, 'tenantgraph']) {
      const seen = await read({ name: 'input', content: text, format }).then((estate) => estate.reading, (error) => error)
      assert.ok(!inspect(seen, { depth: Infinity, showHidden: true }).includes(canary), text)
    }
  }
  const estate = await read({ format: 'tenantgraph/1', secrets: [secret] })
  assert.equal(estate.reading.skipped.length, 1)
  for (const seen of [estate, estate.reading, await estate.toDocument()]) {
    assert.ok(!inspect(seen, { depth: Infinity, showHidden: true }).includes(canary))
  }
  const labels = await failure(() => read(acme(), { labels: { content: `${canary}\n${canary}\n` } }))
  const selector = await failure(() => estate.reach({ asOf: canary }))
  for (const error of [labels, selector]) assert.ok(!inspect(error).includes(canary))
})

test('deep nesting and endless lines are errors or skipped records, never a crash', async () => {
  const deep = `{"format": "tenantgraph/1", "tenants": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`
  const long = `{"format": "tenantgraph/1", "tenants": [{"id": "${'x'.repeat(10_000_000)}"}]}`
  assert.equal((await read({ content: deep })).reading.skipped.length, 1)
  assert.equal((await read({ content: long })).length, 1)
})
