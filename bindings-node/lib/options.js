'use strict'

const { TenantGraphError, invalidOption } = require('./error.js')

const isBoolean = (value) => typeof value === 'boolean'
const isCount = (value) => Number.isSafeInteger(value) && value >= 0
const isText = (value) => typeof value === 'string'
const isSelector = (value) => isText(value) || (isPlain(value) && Object.values(value).every(isText))
const oneOrMany = (is) => (value) => (Array.isArray(value) ? value.every(is) : is(value))

/** What a question may be told: its name in the crate's options, and what its value may be. */
const OPTIONS = {
  source: { name: 'from', is: oneOrMany(isSelector), wanted: 'a selector or a list of selectors' },
  target: { name: 'to', is: oneOrMany(isSelector), wanted: 'a selector or a list of selectors' },
  paths: { name: 'paths', is: isCount, wanted: 'a whole number' },
  provenOnly: { name: 'proven_only', is: isBoolean, wanted: 'a boolean' },
  ignoreGuards: { name: 'ignore_guards', is: oneOrMany(isText), wanted: 'a guard, a list of guards or `all`' },
  honourGuards: { name: 'honour_guards', is: oneOrMany(isText), wanted: 'a guard, a list of guards or `all`' },
}

/** Refuses names that a call does not know: a misspelt option must not pass for a default. */
function known(options, names) {
  if (!isPlain(options)) throw invalidOption('options are given as an object')
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) {
      throw invalidOption(`unknown option \`${name}\`; the options are ${names.map((name) => `\`${name}\``).join(', ')}`)
    }
  }
}

/** The options of a question as the crate's JSON. */
function question(options, names, asOf) {
  known(options, [...names, 'asOf', 'signal', 'onProgress'])
  const told = { as_of: instant(options.asOf ?? asOf) }
  for (const name of names) {
    const value = options[name]
    if (value === undefined) continue
    const option = OPTIONS[name]
    if (!option.is(value)) throw invalidOption(`\`${name}\` is not as described; give ${option.wanted}`)
    told[option.name] = value
  }
  return told
}

/** An instant as text; the crate checks it. */
function instant(value) {
  if (value === undefined || typeof value === 'string') return value
  if (!(value instanceof Date)) throw invalidOption('`asOf` is not as described; give a `Date` or text like `2026-05-01`')
  if (Number.isNaN(value.getTime())) throw new TenantGraphError('invalid_instant', '`asOf` is an invalid `Date`')
  return value.toISOString()
}

function isPlain(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
}

module.exports = { instant, isPlain, known, question }
