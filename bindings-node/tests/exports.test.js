'use strict'

const assert = require('node:assert/strict')
const { join } = require('node:path')
const { test } = require('node:test')
const { read } = require('..')
const { printed } = require('./command.js')

const TESTS = join(__dirname, '..', '..', 'tests')

/** Holds the answers about some exports against what the command prints of them. */
async function same(folder, paths, labels, asOf) {
  const estate = await read(paths.map((path) => join(folder, path)), { labels, asOf })
  const inputs = [...paths.map((path) => join(folder, path)), ...[labels].flat().flatMap((path) => ['--labels', path])]
  const answers = {
    assess: await estate.assess(),
    reach: await estate.reach(),
    matrix: await estate.tenantMatrix(),
    rotation: await estate.rotation(),
    sharing: await estate.sharing(),
    privilege: await estate.privilege(),
    lifecycle: await estate.lifecycle(),
    classification: await estate.classification(),
  }
  for (const [question, answer] of Object.entries(answers)) {
    const { stdout, stderr } = printed(folder, question, ...inputs, '--as-of', asOf, '--format', 'json')
    assert.ok(stdout.length > 0, stderr)
    // Not `equal`: it would print both texts.
    assert.ok(answer.toJson() === stdout, `${question}: the texts differ`)
  }
  return answers
}

test('the made-up organisation: findings, and the bytes of the command', async () => {
  const { assess } = await same(join(TESTS, 'data'), ['acme'], [], '2026-05-01')
  assert.ok(assess.findings.some(({ rule }) => rule === 'cross-environment-path'))
})

test('the real organisation, where TENANTGRAPH_REAL_DATA names a folder with it: every asset, and the bytes of the command', async (t) => {
  const given = process.env.TENANTGRAPH_REAL_DATA
  if (given === undefined) {
    t.diagnostic('NOTHING CHECKED: set TENANTGRAPH_REAL_DATA to a folder whose gcp/ holds the exports of the real organisation')
    return
  }
  const files = ['k8s-io_2022-01-31_resource.ndjson', 'k8s-io_2022-01-31_iam_policy.ndjson']
  const folder = join(given, 'gcp')
  const { assess } = await same(folder, files, [join(TESTS, 'real', 'k8s-io-labels.csv')], '2022-02-01')
  for (const { name, records } of assess.reading.sources) assert.ok(records > 0, name)
  assert.ok(assess.estate.entities > 1_000)
})
