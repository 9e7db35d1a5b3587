'use strict'

// Writes `words.d.ts`, the literal types of every word list of the crate: `node scripts/words.js`. A test refuses a file that is not this.

const { writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { camelCase } = require('../lib/names.js')
const native = require('../native.js')

const FILE = join(__dirname, '..', 'words.d.ts')

/** The text of the file. */
function text() {
  const lists = native.words().map(({ name, words }) => ({ member: camelCase(name), type: pascalCase(name), words }))
  const types = lists.map(({ type, words }) => `export type ${type} =\n${words.map((word) => `  | '${word}'\n`).join('')}`)
  const members = lists.map(({ member, type }) => `  readonly ${member}: readonly ${type}[]\n`)
  return `// Written by scripts/words.js from the word lists of the crate. Do not edit.\n\n${types.join('\n')}
/** Every word list, at run time. */
export interface Words {\n${members.join('')}}\n`
}

function pascalCase(name) {
  return camelCase(`_${name}`)
}

if (require.main === module) writeFileSync(FILE, text())

module.exports = { FILE, text }
