import tenantgraph from './index.js'

export const {
  BlastRadius,
  Classification,
  Cuts,
  Diff,
  Estate,
  Isolation,
  Lifecycle,
  Policy,
  Privilege,
  Reach,
  Report,
  Rotation,
  Sharing,
  TenantGraphError,
  TenantMatrix,
  WhatIf,
  read,
  words,
} = tenantgraph
