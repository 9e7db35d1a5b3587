'use strict'

const { invalidOption } = require('./error.js')
const { known } = require('./plain.js')
const { run } = require('./run.js')
const { Table } = require('./table.js')

/** A table of something native that has tables. */
async function tableOf(native, name, options) {
  known(options, ['signal'])
  if (typeof name !== 'string') throw invalidOption('a table is asked for by its name')
  return new Table(name, await run((watch) => native.table(name, watch), options))
}

module.exports = { tableOf }
