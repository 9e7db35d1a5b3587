'use strict'

const { BlastRadius, Cuts, Diff, Isolation, Reach, Rotation, TenantMatrix, WhatIf } = require('./lib/answers.js')
const { TenantGraphError } = require('./lib/error.js')
const { Estate, read } = require('./lib/estate.js')
const { Policy } = require('./lib/policy.js')
const { Report } = require('./lib/report.js')
const { words } = require('./lib/words.js')

exports.BlastRadius = BlastRadius
exports.Cuts = Cuts
exports.Diff = Diff
exports.Estate = Estate
exports.Isolation = Isolation
exports.Policy = Policy
exports.Reach = Reach
exports.Report = Report
exports.Rotation = Rotation
exports.TenantGraphError = TenantGraphError
exports.TenantMatrix = TenantMatrix
exports.WhatIf = WhatIf
exports.read = read
exports.words = words
