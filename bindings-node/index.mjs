import tenantgraph from './index.js'

export const { BlastRadius, Estate, Policy, Reach, Report, Rotation, TenantGraphError, TenantMatrix, read, words } = tenantgraph
