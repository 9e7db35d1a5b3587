'use strict'

const { pascalCase } = require('../lib/names.js')
const native = require('../native.js')
const schema = require('../../core/data/tenantgraph-1.schema.json')

/** The types of the estate document, from its JSON Schema. */
function documentTypes() {
  const used = new Set()
  const records = Object.entries(schema.$defs).map(([word, record]) => declaration(`${pascalCase(word)}Record`, record, used))
  const document = declaration('EstateDocument', schema, used)
  return `// Written by scripts/generated.js from the JSON Schema of the estate document. Do not edit.

import type { ${[...used].sort().join(', ')} } from './words'

${[document, ...records].join('\n')}`
}

function declaration(name, object, used) {
  return `export interface ${name} ${members(object, used, '')}\n`
}

function members(object, used, indent) {
  const required = object.required ?? []
  const lines = Object.entries(object.properties).map(([name, value]) => {
    const about = value.description ? `${indent}  /** ${sentence(value.description)} */\n` : ''
    return `${about}${indent}  ${name}${required.includes(name) ? '' : '?'}: ${type(value, used, `${indent}  `)}\n`
  })
  return `{\n${lines.join('')}${indent}}`
}

function type(value, used, indent) {
  if (value.const !== undefined) return `'${value.const}'`
  if (value.$ref) return `${pascalCase(value.$ref.split('/').at(-1))}Record`
  if (value.enum) return words(value.enum, used)
  const [kind, ...nullable] = [value.type].flat()
  const or = nullable.map((other) => ` | ${other}`).join('')
  if (kind === 'array') return `(${type(value.items, used, indent)})[]${or}`.replace(/^\((\w+)\)/, '$1')
  if (kind === 'object' && value.properties) return members(value, used, indent) + or
  if (kind === 'object') return `Record<string, ${type(value.additionalProperties, used, indent)}>${or}`
  return (kind === 'integer' ? 'number' : kind) + or
}

/** The name of the word list that an enum is; else its words. */
function words(values, used) {
  const given = values.filter((value) => value !== null)
  const or = given.length < values.length ? ' | null' : ''
  const list = native.words().find((list) => list.words.length === given.length && list.words.every((word) => given.includes(word)))
  if (!list) return given.map((word) => `'${word}'`).join(' | ') + or
  used.add(pascalCase(list.name))
  return pascalCase(list.name) + or
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}.`
}

module.exports = { documentTypes }
