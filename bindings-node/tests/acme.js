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

/** A made-up estate in which something is shared, unused, past its end, not looked at and wrongly labelled. */
function standing() {
  return {
    format: 'tenantgraph/1',
    tenants: [
      { id: 'shop-demo', owner: 'ann', created_at: '2025-01-01' },
      { id: 'shop-production', owner: 'bob', controls: { mfa_required: true, max_secret_age_days: 90 } },
      { id: 'shop-staging', owner: 'bob', controls: { mfa_required: false, max_secret_age_days: 365, audit_logging: false } },
      { id: 'shop-test', environment: 'production' },
    ],
    identities: [
      { id: 'production-robot', name: 'robot', kind: 'service_account', tenant: 'shop-production' },
      { id: 'staging-robot', name: 'robot', kind: 'service_account', tenant: 'shop-staging', last_used_at: '2025-05-01' },
    ],
    secrets: [
      { id: 'key', kind: 'access_key', tenant: 'shop-production', expires_at: '2026-04-01' },
      { id: 'token', kind: 'token', tenant: 'shop-staging', fingerprint: 'f' },
      { id: 'token-copy', kind: 'token', tenant: 'shop-production', fingerprint: 'f' },
    ],
    resources: [{ id: 'vault', kind: 'vault', tenant: 'shop-production' }],
    relations: [
      { from: 'key', kind: 'authenticates_as', to: 'production-robot' },
      { from: 'production-robot', kind: 'reads', to: 'shop-production' },
      { from: 'shop-demo', kind: 'trusted_by', to: 'shop-production', granted_at: '2025-01-01', last_used_at: '2025-06-01' },
      { from: 'staging-robot', kind: 'administers', to: 'shop-staging', permission: '*', last_used_at: '2025-05-01' },
      { from: 'staging-robot', kind: 'reads', to: 'vault', guards: ['approval'] },
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

module.exports = { AS_OF: '2026-05-01', acme, chain, standing }
