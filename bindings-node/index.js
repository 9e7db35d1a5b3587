'use strict'

const {
  BlastRadius,
  Classification,
  Cuts,
  Diff,
  Isolation,
  Lifecycle,
  Privilege,
  Reach,
  Rotation,
  Sharing,
  TenantMatrix,
  WhatIf,
} = require('./lib/answers.js')
const { TenantGraphError } = require('./lib/error.js')
const { Estate, read } = require('./lib/estate.js')
const { Policy } = require('./lib/policy.js')
const { Report } = require('./lib/report.js')
const { RulePage, explain, rules } = require('./lib/rules.js')
const { words } = require('./lib/words.js')

exports.BlastRadius = BlastRadius
exports.Classification = Classification
exports.Cuts = Cuts
exports.Diff = Diff
exports.Estate = Estate
exports.Isolation = Isolation
exports.Lifecycle = Lifecycle
exports.Policy = Policy
exports.Privilege = Privilege
exports.Reach = Reach
exports.Report = Report
exports.Rotation = Rotation
exports.RulePage = RulePage
exports.Sharing = Sharing
exports.TenantGraphError = TenantGraphError
exports.TenantMatrix = TenantMatrix
exports.WhatIf = WhatIf
exports.explain = explain
exports.read = read
exports.rules = rules
exports.words = words
