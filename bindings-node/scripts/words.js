'use strict'

const { camelCase, pascalCase } = require('../lib/names.js')
const native = require('../native.js')

/** The literal types of every word list of the crate. */
function wordTypes() {
  const lists = native.words().map(({ name, words }) => ({ member: camelCase(name), type: pascalCase(name), words }))
  const types = lists.map(({ type, words }) => `export type ${type} =\n${words.map((word) => `  | '${word}'\n`).join('')}`)
  const members = lists.map(({ member, type }) => `  readonly ${member}: readonly ${type}[]\n`)
  return `// Written by scripts/generated.js from the word lists of the crate. Do not edit.

${types.join('\n')}
/** Every word list, at run time. */
export interface Words {
${members.join('')}}
`
}

module.exports = { wordTypes }
