'use strict'

// Takes the addresses of funding pages out of the lock file: run `npm install && node scripts/lock.js` after every change of the packages.

const { readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

const FILE = join(__dirname, '..', 'package-lock.json')
const lock = JSON.parse(readFileSync(FILE, 'utf8'))
for (const entry of Object.values(lock.packages)) delete entry.funding
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`)
