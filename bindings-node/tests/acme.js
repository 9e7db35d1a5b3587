'use strict'

/** A made-up estate: a staging robot whose key also opens production, and an old API key that nobody dates. */
function acme() {
  return {
    format: 'tenantgraph/1',
    tenants: [
      { id: 'acme-production', environment: 'production' },
      { id: 'acme-staging', environment: 'staging' },
    ],
    identities: [
      { id: 'deployer', kind: 'service_account', tenant: 'acme-production' },
      { id: 'robot', kind: 'service_account', tenant: 'acme-staging' },
    ],
    secrets: [
      { id: 'api-key', kind: 'api_key', tenant: 'acme-staging' },
      { id: 'deployer-key', kind: 'access_key', tenant: 'acme-staging', created_at: '2025-01-01T00:00:00Z' },
    ],
    resources: [{ id: 'orders', kind: 'database', tenant: 'acme-production' }],
    relations: [
      { from: 'robot', kind: 'uses', to: 'deployer-key' },
      { from: 'deployer-key', kind: 'authenticates_as', to: 'deployer' },
      { from: 'deployer', kind: 'reads', to: 'orders', permission: 'orders.viewer' },
    ],
  }
}

/** A chain of so many identities: work that takes a while. */
function chain(length) {
  const id = (at) => `robot-${String(at).padStart(7, '0')}`
  const identities = Array.from({ length }, (_, at) => ({ id: id(at), environment: at === length - 1 ? 'production' : 'staging' }))
  const relations = Array.from({ length: length - 1 }, (_, at) => ({ from: id(at), kind: 'assumes', to: id(at + 1) }))
  return { format: 'tenantgraph/1', identities, relations }
}

module.exports = { AS_OF: '2026-05-01', acme, chain }
