'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { inspect } = require('node:util')
const { read } = require('..')
const { AS_OF, acme } = require('./acme.js')

const LIVE = { environment: 'production', labels: { team: 'core' } }

async function estate() {
  const document = acme()
  document.tenants.push({ id: 'büro', name: 'Büro', created_at: '2024-01-02T03:04:05.678901Z', ...LIVE })
  document.identities.push({ id: 'person', enabled: false, authentication: ['password', 'mfa'], last_used_at: '1969-12-31T23:59:59.999999Z' })
  return read(document, { asOf: AS_OF })
}

test('the tables of an estate hold its records, row by row and column by column', async () => {
  const acme = await estate()
  assert.deepEqual(acme.tables.slice(0, 6), ['tenants', 'identities', 'secrets', 'resources', 'relations', 'entities'])
  const tenants = await acme.table('tenants')
  assert.equal(tenants.length, 3)
  const office = tenants.at(-1)
  assert.deepEqual([office.id, office.name, office.labels, office.created_at], ['büro', 'Büro', LIVE.labels, '2024-01-02T03:04:05.678901Z'])
  assert.equal(office.owner, null)
  assert.deepEqual(Object.keys(office.toJSON()).slice(0, 4), ['id', 'name', 'kind', 'environment'])
  assert.deepEqual([...tenants].map((row) => row.environment), ['production', 'staging', 'production'])
  const identities = await acme.table('identities')
  const person = identities.at(1)
  assert.deepEqual([person.id, person.enabled, person.authentication], ['person', false, ['password', 'mfa']])
  assert.equal(person.last_used_at, '1969-12-31T23:59:59.999999Z')
  assert.deepEqual(identities.at(0).authentication, [])
  assert.equal(identities.at(0).last_used_at, null)
})

test('columns are typed arrays', async () => {
  const rotation = await (await estate()).rotation()
  const secrets = await rotation.table('secrets')
  const status = secrets.column('status')
  assert.ok(status.values instanceof Uint32Array)
  assert.deepEqual([...status], rotation.secrets.map((secret) => secret.status))
  const age = secrets.column('age_days')
  assert.ok(age.values instanceof Float64Array && Number.isNaN(age.values[0]))
  assert.deepEqual([age.form, [...age.valid], [...age]], ['number', [0, 1], [null, rotation.secrets[1].age_days]])
  const due = secrets.column('due')
  assert.deepEqual([due.at(1), due.values[1]], [rotation.secrets[1].due, Date.parse(rotation.secrets[1].due)])
  assert.deepEqual(secrets.columns().map((column) => column.name), ['secret', 'kind', 'tenant', 'environment', 'age_days', 'limit_days', 'due', 'status'])
  assert.equal(due.at(2), undefined)
  assert.throws(() => secrets.column('colour'), { code: 'invalid_option' })
})

test('a large table costs its columns, and a row when it is touched', async () => {
  const identities = Array.from({ length: 5_000 }, (_, at) => ({ id: `robot-${String(at).padStart(4, '0')}`, environment: 'production' }))
  const large = await read({ format: 'tenantgraph/1', identities })
  const table = await large.table('entities')
  assert.equal(table.column('id').form, 'text')
  assert.equal(table.column('class').form, 'word')
  assert.deepEqual(table.column('class').words, ['production'])
  assert.equal(table.at(4_321).id, 'robot-4321')
  assert.deepEqual(table.slice(10, 12).map((row) => row.id), ['robot-0010', 'robot-0011'])
  assert.deepEqual([table.at(5_000), table.at(-5_001), table.slice(4_999).length], [undefined, undefined, 1])
})

test('every answer has its tables, and they say what its JSON says', async () => {
  const acme = await estate()
  const reach = await acme.reach()
  assert.deepEqual(reach.tables, ['reached', 'crossings', 'steps'])
  const reached = await reach.table('reached')
  assert.deepEqual(
    [...reached].map((row) => row.toJSON()),
    reach.reached,
  )
  const report = await acme.assess()
  const findings = await report.table('findings')
  assert.equal(findings.length, report.findings.length)
  assert.deepEqual([...findings.column('rule')], report.findings.map((finding) => finding.rule))
  await assert.rejects(reach.table('findings'), { code: 'invalid_option' })
  await assert.rejects(reach.table('reached', { signal: AbortSignal.abort(new Error('enough')) }), /enough/)
  assert.match(inspect(reached), /^Table \{\s+name: 'reached'/)
})

test('an estate goes through Parquet and Arrow and comes back the same', async () => {
  const acme = await estate()
  for (const bytes of [await acme.toParquet(), await acme.toIpc(), await acme.toIpc({ stream: true })]) {
    const again = await read(bytes, { asOf: AS_OF })
    assert.equal(await again.toJson(), await acme.toJson())
    assert.deepEqual(again.reading.sources, [{ name: 'input 1', format: 'table', records: 12 }])
    await assert.rejects(read(bytes.subarray(0, bytes.length - 9)), { code: 'invalid_input' })
  }
})
