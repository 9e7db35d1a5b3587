'use strict'

const native = require('../native.js')
const { camelCase } = require('./names.js')

/** Every word list of the crate by its name, frozen. */
const words = Object.freeze(Object.fromEntries(native.words().map((list) => [camelCase(list.name), Object.freeze(list.words)])))

module.exports = { words }
