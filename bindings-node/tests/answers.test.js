'use strict'

const assert = require('node:assert/strict')
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { after, before, test } = require('node:test')
const { pathToFileURL } = require('node:url')
const { inspect } = require('node:util')
const { Policy, explain, read, rules, words } = require('..')
const { AS_OF, acme } = require('./acme.js')
const { printed } = require('./command.js')

const POLICY = '[limits.access_key]\nage_days = 9999\n'
const CHANGES = { remove: { entities: ['deployer-key'] } }

let folder
let estate

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenantgraph-'))
  writeFileSync(join(folder, 'acme.json'), JSON.stringify(acme()))
  writeFileSync(join(folder, 'policy.toml'), POLICY)
  writeFileSync(join(folder, 'changes.json'), JSON.stringify(CHANGES))
  writeFileSync(join(folder, 'before.json'), JSON.stringify({ ...acme(), relations: [] }))
  estate = await read({ name: 'acme.json', content: acme() }, { asOf: AS_OF })
})

after(() => rmSync(folder, { recursive: true }))

const command = (...given) => printed(folder, ...given)

test('the JSON of an answer is that of the command, byte for byte', async () => {
  const answers = {
    reach: await estate.reach(),
    'reach --paths 1 --proven-only --from kind=secret --to id=orders': await estate.reach({
      paths: 1,
      provenOnly: true,
      source: { kind: 'secret' },
      target: 'id=orders',
    }),
    matrix: await estate.tenantMatrix(),
    rotation: await estate.rotation(),
    sharing: await estate.sharing(),
    privilege: await estate.privilege(),
    lifecycle: await estate.lifecycle(),
    'classification --ignore-guards mfa': await estate.classification({ ignoreGuards: 'mfa' }),
    'cuts --choke-points 1 --include-possible': await estate.cuts({ chokePoints: 1, includePossible: true }),
    'isolation --paths 1': await estate.isolation({ paths: 1 }),
    'what-if --changes changes.json': await estate.whatIf({ changes: CHANGES }),
    'diff --before before.json': await estate.diff(await read({ ...acme(), relations: [] })),
    assess: await estate.assess(),
    'assess --policy policy.toml': await estate.assess({ policy: join(folder, 'policy.toml') }),
    'blast-radius --lost deployer-key --lost robot': await estate.blastRadius(['robot', 'deployer-key']),
  }
  for (const [line, answer] of Object.entries(answers)) {
    const given = command(...line.split(' '), 'acme.json', '--as-of', AS_OF, '--format', 'json')
    assert.equal(given.status, 0, given.stderr)
    assert.equal(answer.toJson(), given.stdout, line)
  }
})

test('SARIF is that of the command, byte for byte', async () => {
  const report = await estate.assess()
  assert.equal(await report.toSarif(), command('assess', 'acme.json', '--as-of', AS_OF, '--format', 'sarif').stdout)
})

test('OpenGraph is that of the command, byte for byte, of an estate and of the paths of a report', async () => {
  assert.equal(await (await estate.assess()).toOpengraph(), command('assess', 'acme.json', '--as-of', AS_OF, '--format', 'opengraph').stdout)
  assert.equal(await estate.toOpengraph(), command('convert', 'acme.json', '--format', 'opengraph').stdout)
})

test('Markdown is that of the command, byte for byte, with the environments of the policy', async () => {
  assert.equal(await (await estate.assess()).toMarkdown(), command('report', 'acme.json', '--as-of', AS_OF, '--format', 'markdown').stdout)
  const relations = [{ from: 'robot', kind: 'reads', to: 'acme-quux' }]
  const document = { format: 'tenantgraph/1', tenants: [{ id: 'acme-quux' }], identities: [{ id: 'robot', environment: 'testing' }], relations }
  writeFileSync(join(folder, 'quux.json'), JSON.stringify(document))
  const policy = join(folder, 'quux.toml')
  writeFileSync(policy, "[environments]\nnames = [{ pattern = 'quux', environment = 'production' }]\n")
  const report = await (await read(join(folder, 'quux.json'), { asOf: AS_OF })).assess({ policy })
  const line = ['report', 'quux.json', '--as-of', AS_OF, '--policy', 'quux.toml', '--format', 'markdown']
  assert.equal(await report.toMarkdown(), command(...line).stdout)
  assert.match(await report.toMarkdown(), /`acme-quux` \(other, production\)/)
})

test('the page of a rule is that of the command, byte for byte', () => {
  const page = explain('leaked-secret')
  assert.equal(page.toJson(), command('explain', page.id, '--format', 'json').stdout)
  assert.equal(page.toMarkdown(), command('explain', page.id, '--format', 'markdown').stdout)
  assert.equal(page.toText(), command('explain', page.id).stdout)
  assert.equal(page.severityReason, page.toJSON().severity_reason)
  assert.deepEqual(rules().map(({ id }) => id), words.rule)
  assert.throws(() => explain('leaked-secrets'), { code: 'invalid_option', message: /the nearest are `leaked-secret`$/ })
  assert.throws(() => explain(7), { code: 'invalid_option' })
})

test('the document is that of the command, byte for byte', async () => {
  assert.equal(await estate.toJson(), command('convert', 'acme.json').stdout)
})

test('the command runs in this process: help, answers and exit codes', () => {
  assert.match(command('--help').stdout, /Usage: tenantgraph/)
  assert.match(command('reach', 'acme.json', '--as-of', AS_OF).stdout, /deployer-key/)
  const unusable = command('reach', 'no-such.json')
  assert.equal(unusable.status, 2)
  assert.match(unusable.stderr, /no-such\.json: no such file/)
})

test('properties are the parts of the JSON, in camel case', async () => {
  const answers = [await estate.reach(), await estate.blastRadius('deployer-key'), await estate.rotation(), await estate.assess()]
  answers.push(await estate.privilege(), await estate.lifecycle(), await estate.classification())
  answers.push(await estate.cuts(), await estate.isolation(), await estate.diff(estate), await estate.whatIf({ changes: {} }))
  for (const answer of answers) {
    const value = JSON.parse(answer.toJson())
    assert.deepEqual(answer.toJSON(), value)
    assert.equal(JSON.stringify(answer), JSON.stringify(value))
    for (const [key, part] of Object.entries(value)) {
      const name = key.replace(/_[a-z]/g, (match) => match[1].toUpperCase())
      assert.deepEqual(answer[name], part, name)
    }
  }
})

test('reach says what is held, over which crossing and by which path', async () => {
  const reach = await estate.reach()
  assert.equal(reach.asOf, '2026-05-01T00:00:00Z')
  assert.deepEqual(reach.reached.map(({ entity, right, depth }) => `${entity} ${right} ${depth}`), [
    'deployer control 1',
    'deployer read 1',
    'deployer write 1',
    'orders read 2',
  ])
  assert.deepEqual(reach.crossings, [
    { from: 'deployer-key', kind: 'authenticates_as', to: 'deployer', right: 'control', certainty: 'proven', reached: 2 },
  ])
  assert.equal(reach.paths[3].steps[1].permission, 'orders.viewer')
})

test('the matrix iterates over its cells', async () => {
  const matrix = await estate.tenantMatrix()
  assert.equal(matrix.length, 1)
  assert.deepEqual([...matrix], matrix.cells)
  assert.equal(matrix.cells[0].target, 'acme-production')
})

test('the blast radius counts what is held and says what to rotate', async () => {
  const radius = await estate.blastRadius('deployer-key')
  assert.equal(radius.held, 3)
  assert.deepEqual(radius.byEnvironment, { production: 2, staging: 1 })
  assert.deepEqual(radius.rotate, ['deployer-key'])
})

test('a report holds findings, and shows itself as text', async () => {
  const report = await estate.assess()
  const worst = report.findings[0]
  assert.equal(worst.rule, 'cross-environment-path')
  assert.ok(worst.evidence.some(({ type }) => type === 'path'))
  assert.equal(report.summary.findings.total, report.findings.length)
  assert.match(await report.toText(), /deployer-key/)
  assert.ok((await report.toText({ width: 60 })).length > 0)
})

test('a policy of the call comes before that of the estate, and `null` is the default one', async () => {
  const status = async (estate, options) => (await estate.rotation(options)).secrets.find(({ secret }) => secret === 'deployer-key').status
  const lenient = Policy.parse(POLICY)
  const decided = await read(acme(), { asOf: AS_OF, policy: lenient })
  assert.equal(await status(estate), 'overdue')
  assert.equal(await status(decided), 'within')
  assert.equal(await status(decided, { policy: null }), 'overdue')
  assert.equal(await status(decided, { policy: { limits: { access_key: { age_days: 1 } } } }), 'overdue')
  assert.equal(await status(estate, { policy: lenient }), 'within')
  assert.equal(await status(estate, { policy: join(folder, 'policy.toml') }), 'within')
  assert.equal(await status(estate, { policy: pathToFileURL(join(folder, 'policy.toml')) }), 'within')
  assert.equal(decided.policy, lenient)
})

test('a policy is whole, whatever was written', () => {
  const policy = Policy.from({ due_soon_days: 3 })
  assert.equal(policy.toJSON().due_soon_days, 3)
  assert.equal(policy.toJSON().never_expires_days, Policy.default().toJSON().never_expires_days)
  assert.deepEqual(Policy.parse(policy.toToml()).toJSON(), policy.toJSON())
  assert.deepEqual(Policy.parse(policy.toJson(), 'json').toJSON(), policy.toJSON())
  assert.deepEqual(Policy.parse(Policy.defaultToml).toJSON(), Policy.default().toJSON())
  assert.match(inspect(policy), /^Policy \{/)
})

test('an instant of the call comes before that of the estate, as text or as a date', async () => {
  const undated = await read(acme())
  assert.equal(undated.asOf, undefined)
  for (const asOf of ['2026-06-01', '2026-06-01T02:00:00+02:00', new Date('2026-06-01')]) {
    assert.equal((await undated.reach({ asOf })).asOf, '2026-06-01T00:00:00Z')
    assert.equal((await estate.reach({ asOf })).asOf, '2026-06-01T00:00:00Z')
  }
})

test('answers show themselves', async () => {
  assert.match(inspect(estate), /^Estate \{ length: 7, asOf: '2026-05-01' \}$/)
  assert.match(inspect(await estate.reach()), /^Reach \{[\s\S]*crossings/)
  assert.match(inspect(await estate.tenantMatrix()), /^TenantMatrix \[/)
  assert.match(inspect(await estate.sharing()), /^Sharing \[/)
})
