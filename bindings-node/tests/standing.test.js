'use strict'

const assert = require('node:assert/strict')
const { before, test } = require('node:test')
const { read } = require('..')
const { AS_OF, standing } = require('./acme.js')

let estate

before(async () => {
  estate = await read(standing(), { asOf: AS_OF })
})

test('what is shared iterates, each with its ties', async () => {
  const sharing = await estate.sharing()
  assert.equal(sharing.length, 2)
  assert.deepEqual([...sharing], sharing.shared)
  assert.deepEqual(sharing.shared.map(({ category, entity }) => `${category} ${entity}`), ['secret token', 'identity staging-robot'])
  const [token, robot] = sharing
  assert.deepEqual([token.records, token.ties], [['token', 'token-copy'], { production: 1, staging: 1 }])
  assert.deepEqual([robot.rights, robot.unapproved, robot.pipelines], [['production', 'staging'], ['staging'], []])
  assert.deepEqual(robot.evidence[0].relation.guards, ['approval'])
  const names = [{ pattern: 'shop', environment: 'production' }]
  assert.equal((await estate.sharing({ policy: { environments: { names } } })).length, 0)
})

test('privilege tells what commands much and what is broader than in production', async () => {
  const { identities, broaderThanProduction, summary, coverage } = await estate.privilege()
  assert.deepEqual(identities.map(({ identity, granted, unused }) => [identity, granted, unused]), [
    ['production-robot', 1, 0],
    ['staging-robot', 2, 1],
  ])
  assert.deepEqual(identities[1].privileged[0].reasons, ['administrator', 'wildcard', 'privileged_permission'])
  assert.equal(identities[1].unused_grants[0].unused_days, 365)
  assert.deepEqual(broaderThanProduction.map(({ entity, twins }) => [entity, twins]), [['staging-robot', ['production-robot']]])
  assert.deepEqual([summary.granted, summary.privileged_machine_identities], [3, 1])
  assert.deepEqual([coverage[0].topic, coverage[0].known], ['grant_uses', 1])
  assert.equal((await estate.privilege({ policy: { dormancy_days: { grants: 400 } } })).summary.unused, 0)
})

test('lifecycle tells what should have ended, and what has nobody to end it', async () => {
  const lifecycle = await estate.lifecycle({ policy: { left_owners: ['bob'] } })
  assert.deepEqual(lifecycle.owners.map(({ entity, problem }) => `${entity} ${problem}`), [
    'shop-production left',
    'shop-staging left',
    'shop-test missing',
  ])
  assert.deepEqual(lifecycle.dormant.map(({ entity }) => entity), ['staging-robot'])
  assert.deepEqual(lifecycle.expired.map(({ entity, held_by }) => [entity, held_by.map(({ to }) => to)]), [['key', ['production-robot']]])
  assert.deepEqual(lifecycle.offboarding.map(({ tenant, reason, trusts }) => [tenant, reason, trusts]), [['shop-demo', 'without_end', 1]])
  assert.deepEqual(lifecycle.trusts[0].problems, ['unused', 'not_reviewed'])
})

test('classification holds labels and controls against the evidence', async () => {
  const { tenants, controlDrift, unmonitored } = await estate.classification({ ignoreGuards: 'approval' })
  assert.deepEqual(tenants.map(({ tenant, verdict }) => `${tenant} ${verdict}`), [
    'shop-demo coupled',
    'shop-production consistent',
    'shop-staging coupled',
    'shop-test contradictory',
  ])
  assert.ok(tenants[2].evidence.some(({ kind, path }) => kind === 'production_path' && path.length > 0))
  assert.deepEqual(tenants[3].claims.map(({ environment }) => environment), ['production', 'testing'])
  const against = controlDrift.filter(({ against }) => against === 'twin')
  assert.deepEqual(against.map(({ control, value, expected }) => [control, value, expected]), [
    ['mfa_required', false, true],
    ['max_secret_age_days', 365, 90],
  ])
  assert.deepEqual(unmonitored, [{ tenant: 'shop-staging', environment: 'staging', audit_logging: false, monitored: null }])
})
