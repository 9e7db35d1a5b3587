'use strict'

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { test } = require('node:test')
const { Policy, read } = require('..')
const { AS_OF, acme, standing: estateOfStanding } = require('./acme.js')

/** Answers as literals of their declared types: a strict compiler then refuses a field that is missing, unknown or of another type. */
async function answers() {
  const document = acme()
  document.identities.push({ id: 'robot', colour: 'red' })
  document.tenants.push({ id: 'unlabelled' }, { id: 'torn-staging', environment: 'production' })
  document.secrets.push(
    { id: 'copy', tenant: 'acme-production', fingerprint: 'f', expires_at: '9999-12-31T23:59:59Z', created_at: '2027-01-01' },
    { id: 'original', tenant: 'acme-staging', fingerprint: 'f' },
  )
  const estate = await read(document, { asOf: AS_OF })
  const standing = await read(estateOfStanding(), { asOf: AS_OF })
  const policy = {
    flows: [{ from: 'staging', to: 'production', right: 'read', reason: 'nightly copy', owner: 'data', expires: '2027-01-01' }],
    exceptions: [{ rule: 'rotation-overdue', subject: '*-key', reason: 'to be replaced', owner: 'security' }],
    privileged_permissions: [{ permission: 'orders.owner', over: 'container', tier: 0, source: 'our own' }],
    baselines: { production: { mfa_required: true } },
    cuts: { uncuttable: [{ from: 'robot', kind: 'assumes' }] },
  }
  const typed = {
    EstateDocument: await estate.toDocument(),
    Reading: estate.reading,
    ReachJson: (await estate.reach()).toJSON(),
    'MatrixCell[]': (await estate.tenantMatrix()).toJSON(),
    RotationJson: (await estate.rotation()).toJSON(),
    'Required<PolicyDocument>': Policy.from(policy).toJSON(),
    ReportJson: (await estate.assess({ policy })).toJSON(),
    'SharedEntity[]': (await standing.sharing()).toJSON(),
    PrivilegeJson: (await standing.privilege({ policy })).toJSON(),
    LifecycleJson: (await standing.lifecycle({ policy: { left_owners: ['bob'] } })).toJSON(),
    ClassificationJson: (await standing.classification({ ignoreGuards: 'approval' })).toJSON(),
    CutsJson: (await estate.cuts()).toJSON(),
    IsolationJson: (await estate.isolation()).toJSON(),
    Certificate: (await estate.isolation({ policy: { flows: [{ ...policy.flows[0], right: 'control' }] } })).certificate,
    WhatIfJson: (await estate.whatIf({ changes: { remove: { entities: ['robot'] } } })).toJSON(),
    DiffJson: (await estate.diff(await read(acme()))).toJSON(),
    BlastRadiusJson: (await estate.blastRadius('robot')).toJSON(),
  }
  const names = Object.keys(typed).map((type) => /\w+(?=>|\[|$)/.exec(type)[0])
  const values = Object.entries(typed).map(([type, value], at) => `export const value${at}: ${type} = ${JSON.stringify(value, null, 2)}\n`)
  return `import type { ${names.join(', ')} } from 'tenantgraph'\n\n${values.join('')}`
}

test('the declarations hold: a strict compiler takes what callers write, refuses what they must not, and takes real answers', async () => {
  writeFileSync(join(__dirname, 'types', 'answers.built.ts'), await answers())
  const compiler = require.resolve('typescript/bin/tsc')
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', join(__dirname, 'types')], { encoding: 'utf8' })
  assert.equal(status, 0, stdout)
})
