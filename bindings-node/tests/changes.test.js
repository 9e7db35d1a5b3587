'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { Policy, read } = require('..')
const { AS_OF, acme } = require('./acme.js')

const apart = (options) => read({ ...acme(), relations: [] }, { asOf: AS_OF, ...options })

test('a cut ends what it names', async () => {
  const estate = await read(acme(), { asOf: AS_OF })
  const { exact, cost, bound, cut, chokePoints } = await estate.cuts()
  assert.deepEqual([exact, cost, bound, cut.length], [true, 1, 1, 1])
  assert.match(cut[0].action, /deployer/)
  assert.ok(chokePoints.length > 0)
  assert.deepEqual((await estate.cuts({ chokePoints: 0 })).chokePoints, [])
  const [{ from, kind, to }] = cut
  const plan = await estate.whatIf({ changes: { remove: { relations: [{ from, kind, to }] } } })
  assert.deepEqual(plan.closed.map(({ to }) => to), ['deployer'])
  assert.deepEqual(plan.opened, [])
  assert.ok(plan.findingsResolved.some(({ rule }) => rule === 'cross-environment-path'))
})

test('what will not be ended leaves no cut', async () => {
  const estate = await read(acme(), { asOf: AS_OF })
  assert.equal((await estate.cuts({ policy: { cuts: { uncuttable: [{ to: 'deployer' }] } }, target: 'id=deployer' })).cost, null)
})

test('changes that cannot be made are refused', async () => {
  const estate = await read(acme(), { asOf: AS_OF })
  await assert.rejects(estate.whatIf(), { name: 'TenantGraphError', code: 'invalid_option' })
  await assert.rejects(estate.whatIf({ changes: ['deployer'] }), { code: 'invalid_option' })
  await assert.rejects(estate.whatIf({ changes: { remove: { entities: ['nobody'] } } }), { code: 'unknown_entity' })
  await assert.rejects(estate.whatIf({ changes: { alter: { tenants: [{ id: 'acme-staging', colour: 'red' }] } } }), { code: 'invalid_document' })
})

test('a difference is between two estates', async () => {
  const estate = await read(acme(), { asOf: AS_OF })
  const diff = await estate.diff(await apart())
  assert.deepEqual(diff.entities, { added: [], removed: [], changed: [] })
  assert.deepEqual(diff.relations.added.map(({ from }) => from), ['deployer', 'deployer-key', 'robot'])
  assert.deepEqual(diff.crossings.opened.map(({ to }) => to), ['deployer'])
  assert.deepEqual(diff.secrets, { rotated: [], unrotated: ['deployer-key'] })
  await assert.rejects(estate.diff(), { code: 'invalid_option', message: /an `Estate`/ })
  await assert.rejects(estate.diff(acme()), { code: 'invalid_option' })
})

test('isolation is proved, or shown to be broken', async () => {
  const estate = await read(acme(), { asOf: AS_OF })
  const broken = await estate.isolation({ paths: 1 })
  assert.equal(broken.verdict, 'broken')
  assert.equal(broken.certificate, null)
  assert.ok(broken.flows.every(({ paths }) => paths.length === 1))
  const alone = await apart()
  const proof = await alone.isolation()
  assert.equal(proof.verdict, 'isolated')
  for (const form of [proof, proof.toJSON(), proof.toJson(), proof.certificate]) assert.equal(await alone.verify(form), undefined)
})

test('a certificate that proves nothing is refused', async () => {
  const [estate, alone] = [await read(acme(), { asOf: AS_OF }), await apart()]
  const proof = await alone.isolation()
  const refused = { name: 'TenantGraphError', code: 'invalid_document' }
  await assert.rejects(estate.verify(proof), { ...refused, message: /another estate/ })
  await assert.rejects(estate.verify(await estate.isolation()), { ...refused, message: /no certificate/ })
  await assert.rejects(alone.verify('{'), refused)
  await assert.rejects(alone.verify(7), { code: 'invalid_option' })
  await assert.rejects(alone.verify(proof, { asOf: AS_OF }), { code: 'invalid_option' })
})

test('a flow that is allowed is proved under its policy, that of the call or of the estate', async () => {
  const flow = { from: 'staging', to: 'production', right: 'control', reason: 'one team', owner: 'ann', expires: '2027-01-01' }
  const policy = Policy.from({ flows: [flow] })
  const estate = await read(acme(), { asOf: AS_OF, policy })
  const proof = await estate.isolation()
  assert.equal(proof.verdict, 'isolated')
  await estate.verify(proof)
  await estate.verify(proof, { policy: { flows: [flow] } })
  await assert.rejects(estate.verify(proof, { policy: null }), { code: 'invalid_document', message: /allows a flow/ })
})
