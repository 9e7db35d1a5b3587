'use strict'

const native = require('../native.js')
const { invalidOption } = require('./error.js')
const { isPlain, known } = require('./plain.js')
const { policy } = require('./policy.js')

const isBoolean = (value) => typeof value === 'boolean'
const isCount = (value) => Number.isSafeInteger(value) && value >= 0
const isText = (value) => typeof value === 'string'
const isSelector = (value) => isText(value) || (isPlain(value) && Object.values(value).every(isText))
const oneOrMany = (is) => (value) => (Array.isArray(value) ? value.every(is) : is(value))

/** The options of questions besides instant and policy, by their names in the crate: the name here, and what the value may be. */
const OPTIONS = {
  from: { name: 'source', is: oneOrMany(isSelector), wanted: 'a selector or a list of selectors' },
  to: { name: 'target', is: oneOrMany(isSelector), wanted: 'a selector or a list of selectors' },
  paths: { name: 'paths', is: isCount, wanted: 'a whole number' },
  proven_only: { name: 'provenOnly', is: isBoolean, wanted: 'a boolean' },
  include_possible: { name: 'includePossible', is: isBoolean, wanted: 'a boolean' },
  choke_points: { name: 'chokePoints', is: isCount, wanted: 'a whole number' },
  changes: { name: 'changes', is: isPlain, wanted: 'an object with `add`, `remove` and `alter`' },
  ignore_guards: { name: 'ignoreGuards', is: oneOrMany(isText), wanted: 'a guard, a list of guards or `all`' },
  honour_guards: { name: 'honourGuards', is: oneOrMany(isText), wanted: 'a guard, a list of guards or `all`' },
}

/** The names in the crate of the options of each question that are given by name here. */
const KNOWN = new Map(native.questions().map(({ name, options }) => [name, options.filter((option) => Object.hasOwn(OPTIONS, option))]))

/** The options of a question as the crate's JSON. What the call does not give of instant and policy is as the estate has it. */
async function question(name, options, estate) {
  const names = KNOWN.get(name)
  known(options, [...names.map((name) => OPTIONS[name].name), 'asOf', 'policy', 'memoryLimit', 'signal', 'onProgress'])
  const told = { as_of: instant(options.asOf === undefined ? estate.asOf : options.asOf) }
  told.memory_limit = bytes(options, 'memoryLimit') ?? estate.memoryLimit
  for (const name of names) {
    const option = OPTIONS[name]
    const value = options[option.name]
    if (value === undefined) continue
    if (!option.is(value)) throw invalidOption(`\`${option.name}\` is not as described; give ${option.wanted}`)
    told[name] = value
  }
  const decided = (await policy(options.policy, options.signal)) ?? estate.policy
  if (decided !== undefined) told.policy = decided
  return told
}

/** An instant as text; the crate checks it. */
function instant(value) {
  if (value === undefined || typeof value === 'string') return value
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) {
    throw invalidOption('`asOf` is not as described; give a valid `Date` or text like `2026-05-01`')
  }
  return value.toISOString()
}

/** A limit that is given in bytes, if it is given. */
function bytes(options, name) {
  const value = options[name]
  if (value !== undefined && !isCount(value)) throw invalidOption(`\`${name}\` is not as described; give a whole number of bytes`)
  return value
}

module.exports = { OPTIONS, bytes, instant, question }
