'use strict'

// The corpus of scenarios (tests/scenarios/README.md of the repository), asked through the public face.

const assert = require('node:assert/strict')
const { readFileSync, readdirSync } = require('node:fs')
const { join } = require('node:path')
const { inspect } = require('node:util')
const { read } = require('..')
const { unwrap } = require('../lib/error.js')
const native = require('../native.js')

const FOLDER = join(__dirname, '..', '..', 'tests', 'scenarios')

const FIELDS = {
  scenario: ['name', 'about', 'as_of', 'before', 'inputs', 'labels', 'mapping', 'policy', 'expect_reading', 'expect_reading_error', 'ask'],
  source: ['name', 'content', 'file', 'format'],
  question: ['question', 'options', 'expect', 'expect_error'],
}

/** The options of the crate as the façade names them. */
const OPTIONS = {
  as_of: 'asOf',
  from: 'source',
  to: 'target',
  proven_only: 'provenOnly',
  include_possible: 'includePossible',
  choke_points: 'chokePoints',
  ignore_guards: 'ignoreGuards',
  honour_guards: 'honourGuards',
  memory_limit: 'memoryLimit',
}

const METHODS = {
  assess: (estate, options) => estate.assess(options),
  reach: (estate, options) => estate.reach(options),
  matrix: (estate, options) => estate.tenantMatrix(options),
  'blast-radius': (estate, { lost, ...options }) => estate.blastRadius(lost, options),
  cuts: (estate, options) => estate.cuts(options),
  isolation: (estate, options) => estate.isolation(options),
  'what-if': (estate, options, before) => estate.whatIf(before === undefined ? options : { ...options, before }),
  diff: (estate, options, before) => estate.diff(before, options),
  rotation: (estate, options) => estate.rotation(options),
  sharing: (estate, options) => estate.sharing(options),
  privilege: (estate, options) => estate.privilege(options),
  lifecycle: (estate, options) => estate.lifecycle(options),
  classification: (estate, options) => estate.classification(options),
}

/** Every scenario, by file. */
function scenarios() {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'))
  return files.flatMap((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')).map((scenario) => ({ file, scenario })))
}

/** Reads a scenario and asks its questions. */
async function play(scenario) {
  named(scenario, FIELDS.scenario)
  const labels = (scenario.labels ?? []).map(source)
  const reading = read(scenario.inputs.map(source), { labels, mapping: scenario.mapping })
  if (scenario.expect_reading_error !== undefined) {
    assert.ok(scenario.ask === undefined && scenario.expect_reading === undefined, 'a reading that fails answers nothing')
    await assert.rejects(reading, { name: 'TenantGraphError', code: scenario.expect_reading_error })
    return
  }
  const estate = await reading
  const before = scenario.before === undefined ? undefined : await read(scenario.before.map(source), { labels })
  if (scenario.expect_reading !== undefined) matches(scenario.expect_reading, estate.reading, 'reading')
  for (const [at, question] of (scenario.ask ?? []).entries()) {
    await ask(scenario, { estate, before }, question, `question ${at + 1} (${question.question})`)
  }
}

async function ask(scenario, { estate, before }, asked, place) {
  named(asked, FIELDS.question)
  assert.ok(Object.hasOwn(asked, 'expect') !== Object.hasOwn(asked, 'expect_error'), `${place}: give either \`expect\` or \`expect_error\``)
  const given = ['as_of', 'policy'].filter((name) => Object.hasOwn(scenario, name)).map((name) => [name, scenario[name]])
  const options = { ...Object.fromEntries(given), ...asked.options }
  const answer = Object.hasOwn(METHODS, asked.question) ? known(estate, asked.question, options, before) : unknown(asked.question, options)
  if (Object.hasOwn(asked, 'expect_error')) {
    await assert.rejects(answer, { name: 'TenantGraphError', code: asked.expect_error }, place)
  } else {
    matches(asked.expect, (await answer).toJSON(), place)
  }
}

function known(estate, question, options, before) {
  const named = Object.fromEntries(Object.entries(options).map(([name, value]) => [OPTIONS[name] ?? name, value]))
  return METHODS[question](estate, named, before)
}

/** A question that the façade does not have, asked below it. */
async function unknown(question, options) {
  const estate = unwrap(await native.read([{ name: 'none', content: '{"format": "tenantgraph/1"}' }], [], undefined, undefined, undefined, [], new native.Watch()))
  return unwrap(unwrap(await estate.ask(question, JSON.stringify(options), new native.Watch())).json())
}

function source(given) {
  named(given, FIELDS.source)
  const { name, format, content, file } = given
  assert.ok((content === undefined) !== (file === undefined), `input \`${name}\`: give either \`content\` or \`file\``)
  if (file !== undefined) return { name, format, content: readFileSync(join(FOLDER, file)) }
  return { name, format, content: typeof content === 'string' ? content : JSON.stringify(content) }
}

/** Refuses a field that the form of a scenario does not name. */
function named(value, names) {
  for (const name of Object.keys(value)) assert.ok(names.includes(name), `a scenario has no field \`${name}\``)
}

/**
 * Whether a value matches what is expected: of an object the keys that are expected, of a list every element or those that it must contain,
 * of anything else all of it.
 */
function matches(expected, found, place) {
  if (Array.isArray(expected)) {
    const alike = Array.isArray(found) && found.length === expected.length
    assert.ok(alike, `${place}: expected ${inspect(expected)}, found ${inspect(found)}`)
    expected.forEach((element, at) => matches(element, found[at], `${place}/${at}`))
  } else if (Array.isArray(found) && typeof expected === 'object' && expected !== null && Object.keys(expected).join() === 'contains') {
    assert.ok(Array.isArray(expected.contains) && expected.contains.length > 0, `${place}: give a list of what must be there`)
    for (const wanted of expected.contains) {
      assert.ok(found.some((element) => isMatch(wanted, element)), `${place}: no ${inspect(wanted)} in ${inspect(found)}`)
    }
  } else if (typeof expected === 'object' && expected !== null) {
    assert.ok(typeof found === 'object' && found !== null && !Array.isArray(found), `${place}: expected an object, found ${inspect(found)}`)
    for (const [key, value] of Object.entries(expected)) {
      assert.ok(Object.hasOwn(found, key), `${place}/${key}: there is no such key`)
      matches(value, found[key], `${place}/${key}`)
    }
  } else {
    assert.strictEqual(found, expected, place)
  }
}

function isMatch(expected, found) {
  try {
    matches(expected, found, '')
    return true
  } catch (error) {
    if (error instanceof assert.AssertionError) return false
    throw error
  }
}

module.exports = { matches, play, scenarios }
