'use strict'

const assert = require('node:assert/strict')
const { mkdtempSync, mkdirSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { after, before, test } = require('node:test')
const { pathToFileURL } = require('node:url')
const { Estate, read } = require('..')
const { AS_OF, acme } = require('./acme.js')

const text = JSON.stringify(acme())
let folder
let file

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenantgraph-'))
  mkdirSync(join(folder, 'exports'))
  file = join(folder, 'exports', 'acme.json')
  writeFileSync(file, text)
})

after(() => rmSync(folder, { recursive: true }))

test('every form of an input gives the same estate', async () => {
  const forms = {
    object: acme(),
    list: [acme()],
    bytes: Buffer.from(text),
    'plain bytes': new Uint8Array(Buffer.from(text)),
    'named text': { name: 'acme.json', content: text },
    'named bytes': { name: 'acme.json', content: Buffer.from(text) },
    'named object': { content: acme(), format: 'tenantgraph' },
    path: file,
    'forced path': { path: file, format: 'tenantgraph' },
    url: pathToFileURL(file),
    directory: join(folder, 'exports'),
    glob: join(folder, 'exp*', '*.json'),
    'the same file twice': [file, join(folder, 'exports')],
  }
  const wanted = await (await Estate.fromDocument(acme())).toJson()
  for (const [form, inputs] of Object.entries(forms)) {
    const estate = await read(inputs)
    assert.equal(await estate.toJson(), wanted, form)
    assert.equal(estate.length, 7, form)
  }
})

test('a document comes back as it was given', async () => {
  for (const document of [acme(), text, Buffer.from(text)]) {
    const estate = await Estate.fromDocument(document)
    const given = acme()
    const { relations, ...entities } = await estate.toDocument()
    // Entities stand in the order of their ids already; relations get an order of their own.
    assert.deepEqual({ ...entities, relations: given.relations }, given)
    const texts = (relations) => relations.map((relation) => JSON.stringify(relation)).sort()
    assert.deepEqual(texts(relations), texts(given.relations))
    assert.equal(await (await Estate.fromDocument(await estate.toDocument())).toJson(), await estate.toJson())
  }
})

test('labels are laid over what was read, from a path, bytes or text', async () => {
  const overlay = 'id,environment\nacme-staging,production\n'
  const labels = join(folder, 'overlay.csv')
  writeFileSync(labels, overlay)
  const forms = [labels, Buffer.from(overlay), { name: 'overlay.csv', content: overlay }, [{ content: overlay }], pathToFileURL(labels)]
  for (const form of forms) {
    const estate = await read(acme(), { labels: form, asOf: AS_OF })
    assert.deepEqual((await estate.reach()).reached, [])
  }
})

test('the reading tells sources, skipped records, placeholders and coverage', async () => {
  const document = acme()
  document.identities.push({ id: 'robot', colour: 'red' })
  document.relations.push({ from: 'robot', kind: 'reads', to: 'nobody-described' })
  const { reading } = await read({ name: 'acme.json', content: document })
  assert.deepEqual(reading.sources, [{ name: 'acme.json', format: 'tenantgraph', records: 12 }])
  assert.equal(reading.skipped.length, 1)
  assert.equal(reading.skipped[0].place.source, 'acme.json')
  assert.equal(reading.skipped[0].place.record, 5)
  assert.deepEqual(reading.placeholders, ['nobody-described'])
})

test('a fingerprint key makes fingerprints the same from run to run', async () => {
  for (const fingerprintKey of ['a key of sixteen bytes or more', Buffer.alloc(32, 1)]) {
    assert.equal((await read(acme(), { fingerprintKey })).length, 7)
  }
})
