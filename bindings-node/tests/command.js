'use strict'

const { spawnSync } = require('node:child_process')
const { join } = require('node:path')

const COMMAND = join(__dirname, '..', 'bin', 'tenantgraph.js')
const LARGEST = 2 ** 30

/** What the command prints in a folder, and how it ends. */
function printed(folder, ...given) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...given], { encoding: 'utf8', cwd: folder, maxBuffer: LARGEST })
  return { status, stdout, stderr }
}

module.exports = { printed }
