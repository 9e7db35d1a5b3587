'use strict'

const { pascalCase } = require('../lib/names.js')
const { JSON_COLUMNS } = require('../lib/table.js')
const native = require('../native.js')
const { unwrap } = require('../lib/error.js')

const TYPES = { text: 'string | null', word: 'string | null', number: 'number | null', flag: 'boolean | null', instant: 'string | null', list: 'string[]' }

/** The rows of every table, by what they are of. */
function tableTypes() {
  const of = new Map()
  for (const shape of unwrap(native.tableShapes())) of.set(shape.of, [...(of.get(shape.of) ?? []), shape])
  const types = [...of].map(([name, tables]) => {
    const members = tables.map((table) => `  ${table.name}: {\n${table.columns.map(column).join('')}  }\n`).join('')
    return `/** The tables of ${words(name)}, each with the columns of its rows. */\nexport interface ${pascalCase(name.replaceAll('-', '_'))}Tables {\n${members}}\n`
  })
  return `// Written by scripts/generated.js from the tables of the crate. Do not edit.\n\n${types.join('\n')}`
}

function column({ name, form }) {
  const type = JSON_COLUMNS.has(name) && form === 'text' ? 'unknown' : TYPES[form]
  return `    readonly ${name}: ${type}\n`
}

function words(name) {
  return name === 'estate' ? 'an estate' : `an answer to \`${name}\``
}

module.exports = { tableTypes }
