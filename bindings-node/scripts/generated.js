'use strict'

// The generated declarations: `node scripts/generated.js` writes them, and a test refuses files that differ.

const { writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { documentTypes } = require('./document.js')
const { tableTypes } = require('./tables.js')
const { wordTypes } = require('./words.js')

/** The text of each generated file, by its path. */
function generated() {
  const file = (...parts) => join(__dirname, '..', ...parts)
  return new Map([
    [file('types', 'words.d.ts'), wordTypes()],
    [file('types', 'document.d.ts'), documentTypes()],
    [file('types', 'tables.d.ts'), tableTypes()],
  ])
}

if (require.main === module) generated().forEach((text, file) => writeFileSync(file, text))

module.exports = { generated }
