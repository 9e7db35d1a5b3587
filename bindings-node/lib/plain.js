'use strict'

const { invalidOption } = require('./error.js')

/** Whether a value is an object of named parts. */
function isPlain(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
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

module.exports = { isPlain, known }
