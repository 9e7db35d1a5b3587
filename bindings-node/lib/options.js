'use strict'

const { invalidOption } = require('./error.js')
const { isPlain, known } = require('./plain.js')
const { policy } = require('./policy.js')

const isBoolean = (value) => typeof value === 'boolean'
const isCount = (value) => Number.isSafeInteger(value) && value >= 0
const isText = (value) => typeof value === 'string'
const isSelector = (value) => isText(value) || (isPlain(value) && Object.values(value).every(isText))
const oneOrMany = (is) => (value) => (Array.isArray(value) ? value.every(is) : is(value))

/** What a question may be told besides its instant and its policy: the name among the crate's options, and what the value may be. */
const OPTIONS = {
  source: { name: 'from', is: oneOrMany(isSelector), wanted: 'a selector or a list of selectors' },
  target: { name: 'to', is: oneOrMany(isSelector), wanted: 'a selector or a list of selectors' },
  paths: { name: 'paths', is: isCount, wanted: 'a whole number' },
  provenOnly: { name: 'proven_only', is: isBoolean, wanted: 'a boolean' },
  ignoreGuards: { name: 'ignore_guards', is: oneOrMany(isText), wanted: 'a guard, a list of guards or `all`' },
  honourGuards: { name: 'honour_guards', is: oneOrMany(isText), wanted: 'a guard, a list of guards or `all`' },
}

/** The options of a question as the crate's JSON. What the call does not give of instant and policy is as the estate has it. */
async function question(options, names, estate) {
  known(options, [...names, 'asOf', 'policy', 'signal', 'onProgress'])
  const told = { as_of: instant(options.asOf === undefined ? estate.asOf : options.asOf) }
  for (const name of names) {
    const value = options[name]
    if (value === undefined) continue
    const option = OPTIONS[name]
    if (!option.is(value)) throw invalidOption(`\`${name}\` is not as described; give ${option.wanted}`)
    told[option.name] = value
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

module.exports = { instant, question }
