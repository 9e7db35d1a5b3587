#!/usr/bin/env node
'use strict'

const { command } = require('../native.js')

process.exitCode = command(process.argv.slice(2))
