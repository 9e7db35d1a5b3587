import tenantgraph from './index.js'

export const {
  BlastRadius,
  Cuts,
  Diff,
  Estate,
  Isolation,
  Policy,
  Reach,
  Report,
  Rotation,
  TenantGraphError,
  TenantMatrix,
  WhatIf,
  read,
  words,
} = tenantgraph
