import tenantgraph from './index.js'

export const { BlastRadius, Estate, Reach, TenantGraphError, TenantMatrix, read, words } = tenantgraph
