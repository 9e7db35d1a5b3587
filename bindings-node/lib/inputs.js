'use strict'

const { fileURLToPath } = require('node:url')
const { invalidOption } = require('./error.js')
const { isPlain, known } = require('./plain.js')

// The name of the reader of estate documents.
const DOCUMENT_FORMAT = 'tenantgraph'

/** The key of fingerprints, as bytes. */
function key(value) {
  if (value === undefined || value instanceof Uint8Array) return value
  if (typeof value === 'string') return Buffer.from(value)
  throw invalidOption('`fingerprintKey` is not as described; give text or bytes')
}

/** What a caller gives as mappings of tables: paths and objects. */
function mapping(mappings) {
  if (mappings === undefined) return []
  return (Array.isArray(mappings) ? mappings : [mappings]).map((mapping) => {
    if (typeof mapping === 'string') return { name: mapping }
    if (mapping instanceof URL) return { name: path(mapping) }
    if (isPlain(mapping)) return { name: 'mapping', content: JSON.stringify(mapping) }
    throw invalidOption('`mapping` is not as described; give the path of a file or an object')
  })
}

/** What a caller gives as inputs (one or a list) as native sources. */
function sources(inputs, what) {
  if (inputs === undefined) return []
  return (Array.isArray(inputs) ? inputs : [inputs]).map((input, at) => source(input, `${what} ${at + 1}`))
}

function source(input, name) {
  if (typeof input === 'string') return { name: input }
  if (input instanceof URL) return { name: path(input) }
  if (input instanceof Uint8Array) return { name, content: input }
  if (!isPlain(input)) throw invalidOption(`${name} is not as described; give a path, bytes, a document or \`{ name, content }\``)
  if (Object.hasOwn(input, 'content')) return named(input, name)
  if (Object.hasOwn(input, 'path')) return forced(input, name)
  return document(input, name)
}

function named(input, name) {
  known(input, ['name', 'content', 'format'])
  const given = { name: text(input.name, name, 'name') ?? name, format: text(input.format, name, 'format') }
  const { content } = input
  if (typeof content === 'string' || content instanceof Uint8Array) return { ...given, content }
  if (isPlain(content)) return { ...given, content: JSON.stringify(content) }
  throw invalidOption(`the content of ${name} is not as described; give text, bytes or a document`)
}

function forced(input, name) {
  known(input, ['path', 'format'])
  const given = input.path instanceof URL ? path(input.path) : text(input.path ?? null, name, 'path')
  return { name: given, format: text(input.format, name, 'format') }
}

function document(input, name) {
  return { name, content: JSON.stringify(input), format: DOCUMENT_FORMAT }
}

function text(value, name, part) {
  if (value !== undefined && typeof value !== 'string') throw invalidOption(`the ${part} of ${name} is not text`)
  return value
}

function path(url) {
  if (url.protocol !== 'file:') throw invalidOption('only URLs of files are read; fetch the content and give its bytes')
  return fileURLToPath(url)
}

module.exports = { DOCUMENT_FORMAT, key, mapping, sources }
