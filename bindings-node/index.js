'use strict'

const { BlastRadius, Reach, TenantMatrix } = require('./lib/answers.js')
const { TenantGraphError } = require('./lib/error.js')
const { Estate, read } = require('./lib/estate.js')
const { words } = require('./lib/words.js')

exports.BlastRadius = BlastRadius
exports.Estate = Estate
exports.Reach = Reach
exports.TenantGraphError = TenantGraphError
exports.TenantMatrix = TenantMatrix
exports.read = read
exports.words = words
