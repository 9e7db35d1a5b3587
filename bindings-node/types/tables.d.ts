// Written by scripts/generated.js from the tables of the crate. Do not edit.

/** The tables of an estate, each with the columns of its rows. */
export interface EstateTables {
  tenants: {
    readonly id: string | null
    readonly name: string | null
    readonly kind: string | null
    readonly environment: string | null
    readonly parent: string | null
    readonly owner: string | null
    readonly labels: unknown
    readonly created_at: string | null
    readonly expires_at: string | null
    readonly controls: unknown
  }
  identities: {
    readonly id: string | null
    readonly name: string | null
    readonly kind: string | null
    readonly tenant: string | null
    readonly environment: string | null
    readonly owner: string | null
    readonly labels: unknown
    readonly enabled: boolean | null
    readonly created_at: string | null
    readonly expires_at: string | null
    readonly last_used_at: string | null
    readonly authentication: string[]
    readonly vendor: string | null
  }
  secrets: {
    readonly id: string | null
    readonly name: string | null
    readonly kind: string | null
    readonly tenant: string | null
    readonly environment: string | null
    readonly owner: string | null
    readonly labels: unknown
    readonly fingerprint: string | null
    readonly created_at: string | null
    readonly rotated_at: string | null
    readonly expires_at: string | null
    readonly last_used_at: string | null
    readonly dynamic: boolean | null
    readonly revoked: boolean | null
    readonly storage: string | null
    readonly exposures: unknown
  }
  resources: {
    readonly id: string | null
    readonly name: string | null
    readonly kind: string | null
    readonly tenant: string | null
    readonly environment: string | null
    readonly owner: string | null
    readonly labels: unknown
    readonly critical: boolean | null
    readonly data: string | null
  }
  relations: {
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly requires: string | null
    readonly grants: string | null
    readonly also: unknown
    readonly guards: string[]
    readonly certainty: string | null
    readonly permission: string | null
    readonly granted_at: string | null
    readonly valid_from: string | null
    readonly valid_until: string | null
    readonly last_used_at: string | null
    readonly subject: string | null
  }
  entities: {
    readonly id: string | null
    readonly type: string | null
    readonly kind: string | null
    readonly name: string | null
    readonly tenant: string | null
    readonly environment: string | null
    readonly class: string | null
    readonly environment_source: string | null
    readonly owner: string | null
  }
  sources: {
    readonly name: string | null
    readonly format: string | null
    readonly records: number | null
  }
  skipped: {
    readonly source: string | null
    readonly line: number | null
    readonly column: number | null
    readonly record: number | null
    readonly field: string | null
    readonly reason: string | null
  }
  conflicts: {
    readonly entity: string | null
    readonly field: string | null
    readonly kept: string | null
    readonly other: string | null
  }
  placeholders: {
    readonly id: string | null
  }
  coverage: {
    readonly topic: string | null
    readonly known: number | null
    readonly total: number | null
    readonly note: string | null
  }
}

/** The tables of an answer to `assess`, each with the columns of its rows. */
export interface AssessTables {
  findings: {
    readonly fingerprint: string | null
    readonly rule: string | null
    readonly title: string | null
    readonly severity: string | null
    readonly raised: string | null
    readonly severity_reason: string | null
    readonly subjects: string[]
    readonly message: string | null
    readonly evidence: unknown
    readonly remedy: string | null
    readonly owasp_nhi: string[]
    readonly nist_csf: string[]
    readonly nist_csf_1_1: string[]
    readonly nist_800_53: string[]
    readonly ai_rmf: string[]
    readonly waived: unknown
  }
  steps: {
    readonly path: number | null
    readonly step: number | null
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly right: string | null
    readonly permission: string | null
    readonly finding: string | null
  }
  metrics: {
    readonly id: string | null
    readonly definition: string | null
    readonly value: number | null
    readonly numerator: number | null
    readonly denominator: number | null
    readonly published: number | null
    readonly published_note: string | null
  }
  metric_shares: {
    readonly metric: string | null
    readonly by: string | null
    readonly key: string | null
    readonly value: number | null
    readonly numerator: number | null
    readonly denominator: number | null
    readonly published: number | null
  }
  coverage: {
    readonly topic: string | null
    readonly known: number | null
    readonly total: number | null
    readonly note: string | null
  }
  sources: {
    readonly name: string | null
    readonly format: string | null
    readonly records: number | null
  }
  skipped: {
    readonly source: string | null
    readonly line: number | null
    readonly column: number | null
    readonly record: number | null
    readonly field: string | null
    readonly reason: string | null
  }
  conflicts: {
    readonly entity: string | null
    readonly field: string | null
    readonly kept: string | null
    readonly other: string | null
  }
  placeholders: {
    readonly id: string | null
  }
}

/** The tables of an answer to `reach`, each with the columns of its rows. */
export interface ReachTables {
  reached: {
    readonly entity: string | null
    readonly right: string | null
    readonly depth: number | null
    readonly certainty: string | null
  }
  crossings: {
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly right: string | null
    readonly certainty: string | null
    readonly reached: number | null
  }
  steps: {
    readonly path: number | null
    readonly step: number | null
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly right: string | null
    readonly permission: string | null
    readonly entity: string | null
    readonly entity_right: string | null
    readonly certainty: string | null
  }
}

/** The tables of an answer to `matrix`, each with the columns of its rows. */
export interface MatrixTables {
  cells: {
    readonly source: string | null
    readonly target: string | null
    readonly entities: number | null
    readonly strongest: string | null
    readonly depth: number | null
  }
  steps: {
    readonly path: number | null
    readonly step: number | null
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly right: string | null
    readonly permission: string | null
    readonly source: string | null
    readonly target: string | null
  }
}

/** The tables of an answer to `blast-radius`, each with the columns of its rows. */
export interface BlastRadiusTables {
  entities: {
    readonly entity: string | null
    readonly right: string | null
    readonly depth: number | null
    readonly certainty: string | null
  }
  rotate: {
    readonly order: number | null
    readonly secret: string | null
  }
}

/** The tables of an answer to `rotation`, each with the columns of its rows. */
export interface RotationTables {
  secrets: {
    readonly secret: string | null
    readonly kind: string | null
    readonly tenant: string | null
    readonly environment: string | null
    readonly age_days: number | null
    readonly limit_days: number | null
    readonly due: string | null
    readonly status: string | null
  }
  shares: {
    readonly by: string | null
    readonly key: string | null
    readonly secrets: number | null
    readonly judged: number | null
    readonly within_limit: number | null
    readonly share_within_limit: number | null
  }
  data_problems: {
    readonly secret: string | null
    readonly field: string | null
    readonly problem: string | null
  }
}

/** The tables of an answer to `sharing`, each with the columns of its rows. */
export interface SharingTables {
  shared: {
    readonly category: string | null
    readonly entity: string | null
    readonly records: string[]
    readonly kind: string | null
    readonly vendor: string | null
    readonly environments: string[]
    readonly classes: string[]
    readonly rights: string[]
    readonly unapproved: string[]
    readonly pipelines: string[]
    readonly ties: unknown
  }
  evidence: {
    readonly shared: string | null
    readonly environment: string | null
    readonly role: string | null
    readonly entity: string | null
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly right: string | null
    readonly permission: string | null
    readonly guards: string[]
    readonly certainty: string | null
  }
}

/** The tables of an answer to `privilege`, each with the columns of its rows. */
export interface PrivilegeTables {
  identities: {
    readonly identity: string | null
    readonly kind: string | null
    readonly environment: string | null
    readonly granted: number | null
    readonly used: number | null
    readonly unused: number | null
    readonly unknown: number | null
    readonly is_privileged: boolean | null
    readonly through: string[]
  }
  privileged: {
    readonly identity: string | null
    readonly reasons: string[]
    readonly tier: number | null
    readonly relations: number | null
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly right: string | null
    readonly permission: string | null
    readonly guards: string[]
    readonly certainty: string | null
  }
  unused_grants: {
    readonly identity: string | null
    readonly granted_at: string | null
    readonly last_used_at: string | null
    readonly unused_days: number | null
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly right: string | null
    readonly permission: string | null
    readonly guards: string[]
    readonly certainty: string | null
  }
  broader_than_production: {
    readonly entity: string | null
    readonly entity_type: string | null
    readonly kind: string | null
    readonly environment: string | null
    readonly twins: string[]
    readonly rights: number | null
  }
  broader_rights: {
    readonly entity: string | null
    readonly matched_over: string[]
    readonly held: string | null
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly right: string | null
    readonly permission: string | null
    readonly guards: string[]
    readonly certainty: string | null
  }
  coverage: {
    readonly topic: string | null
    readonly known: number | null
    readonly total: number | null
    readonly note: string | null
  }
}

/** The tables of an answer to `lifecycle`, each with the columns of its rows. */
export interface LifecycleTables {
  owners: {
    readonly entity: string | null
    readonly entity_type: string | null
    readonly kind: string | null
    readonly environment: string | null
    readonly problem: string | null
    readonly owner: string | null
    readonly person: string | null
  }
  dormant: {
    readonly entity: string | null
    readonly entity_type: string | null
    readonly kind: string | null
    readonly environment: string | null
    readonly last_used_at: string | null
    readonly unused_days: number | null
    readonly limit_days: number | null
  }
  expired: {
    readonly entity: string | null
    readonly entity_type: string | null
    readonly kind: string | null
    readonly environment: string | null
    readonly expires_at: string | null
    readonly expired_days: number | null
    readonly holders: number | null
  }
  held_by: {
    readonly entity: string | null
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly right: string | null
    readonly permission: string | null
    readonly guards: string[]
    readonly certainty: string | null
  }
  offboarding: {
    readonly tenant: string | null
    readonly kind: string | null
    readonly environment: string | null
    readonly reason: string | null
    readonly created_at: string | null
    readonly expires_at: string | null
    readonly trusts: number | null
    readonly living_secrets: string[]
  }
  trusted_by: {
    readonly tenant: string | null
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly right: string | null
    readonly permission: string | null
    readonly guards: string[]
    readonly certainty: string | null
  }
  trusts: {
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly right: string | null
    readonly permission: string | null
    readonly guards: string[]
    readonly certainty: string | null
    readonly from_environment: string | null
    readonly to_environment: string | null
    readonly problems: string[]
    readonly granted_at: string | null
    readonly last_used_at: string | null
    readonly unused_days: number | null
    readonly reviewed_at: string | null
  }
  coverage: {
    readonly topic: string | null
    readonly known: number | null
    readonly total: number | null
    readonly note: string | null
  }
}

/** The tables of an answer to `classification`, each with the columns of its rows. */
export interface ClassificationTables {
  tenants: {
    readonly tenant: string | null
    readonly kind: string | null
    readonly environment: string | null
    readonly source: string | null
    readonly verdict: string | null
    readonly contents: number | null
    readonly stated_production: number | null
    readonly stated_non_production: number | null
    readonly counts: unknown
  }
  claims: {
    readonly tenant: string | null
    readonly source: string | null
    readonly label: string | null
    readonly environment: string | null
  }
  evidence: {
    readonly tenant: string | null
    readonly coupling: string | null
    readonly entity: string | null
    readonly production: string | null
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly right: string | null
    readonly permission: string | null
    readonly guards: string[]
    readonly certainty: string | null
  }
  steps: {
    readonly path: number | null
    readonly step: number | null
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly right: string | null
    readonly permission: string | null
    readonly tenant: string | null
    readonly production: string | null
  }
  control_drift: {
    readonly tenant: string | null
    readonly environment: string | null
    readonly control: string | null
    readonly value: unknown
    readonly expected: unknown
    readonly against: string | null
    readonly twin: string | null
  }
  unmonitored: {
    readonly tenant: string | null
    readonly environment: string | null
    readonly audit_logging: boolean | null
    readonly monitored: boolean | null
  }
  coverage: {
    readonly topic: string | null
    readonly known: number | null
    readonly total: number | null
    readonly note: string | null
  }
}

/** The tables of an answer to `cuts`, each with the columns of its rows. */
export interface CutsTables {
  cut: {
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly cost: number | null
    readonly action: string | null
  }
  choke_points: {
    readonly entity: string | null
    readonly right: string | null
    readonly alone_lead_to: number | null
  }
  flow: {
    readonly way: number | null
    readonly step: number | null
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
  }
}

/** The tables of an answer to `isolation`, each with the columns of its rows. */
export interface IsolationTables {
  flows: {
    readonly from: string | null
    readonly to: string | null
    readonly right: string | null
    readonly verdict: string | null
  }
}

/** The tables of an answer to `what-if`, each with the columns of its rows. */
export interface WhatIfTables {
  opened: {
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly right: string | null
    readonly certainty: string | null
    readonly reached: number | null
  }
  closed: {
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly right: string | null
    readonly certainty: string | null
    readonly reached: number | null
  }
  findings_added: {
    readonly fingerprint: string | null
    readonly rule: string | null
    readonly title: string | null
    readonly severity: string | null
    readonly raised: string | null
    readonly severity_reason: string | null
    readonly subjects: string[]
    readonly message: string | null
    readonly evidence: unknown
    readonly remedy: string | null
    readonly owasp_nhi: string[]
    readonly nist_csf: string[]
    readonly nist_csf_1_1: string[]
    readonly nist_800_53: string[]
    readonly ai_rmf: string[]
    readonly waived: unknown
  }
  findings_resolved: {
    readonly fingerprint: string | null
    readonly rule: string | null
    readonly title: string | null
    readonly severity: string | null
    readonly raised: string | null
    readonly severity_reason: string | null
    readonly subjects: string[]
    readonly message: string | null
    readonly evidence: unknown
    readonly remedy: string | null
    readonly owasp_nhi: string[]
    readonly nist_csf: string[]
    readonly nist_csf_1_1: string[]
    readonly nist_800_53: string[]
    readonly ai_rmf: string[]
    readonly waived: unknown
  }
  undecided: {
    readonly entity: string | null
    readonly type: string | null
    readonly name: string | null
  }
}

/** The tables of an answer to `diff`, each with the columns of its rows. */
export interface DiffTables {
  relations_added: {
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly permission: string | null
    readonly certainty: string | null
  }
  relations_removed: {
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly permission: string | null
    readonly certainty: string | null
  }
  opened: {
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly right: string | null
    readonly certainty: string | null
    readonly reached: number | null
  }
  closed: {
    readonly from: string | null
    readonly kind: string | null
    readonly to: string | null
    readonly right: string | null
    readonly certainty: string | null
    readonly reached: number | null
  }
  findings_added: {
    readonly fingerprint: string | null
    readonly rule: string | null
    readonly title: string | null
    readonly severity: string | null
    readonly raised: string | null
    readonly severity_reason: string | null
    readonly subjects: string[]
    readonly message: string | null
    readonly evidence: unknown
    readonly remedy: string | null
    readonly owasp_nhi: string[]
    readonly nist_csf: string[]
    readonly nist_csf_1_1: string[]
    readonly nist_800_53: string[]
    readonly ai_rmf: string[]
    readonly waived: unknown
  }
  findings_resolved: {
    readonly fingerprint: string | null
    readonly rule: string | null
    readonly title: string | null
    readonly severity: string | null
    readonly raised: string | null
    readonly severity_reason: string | null
    readonly subjects: string[]
    readonly message: string | null
    readonly evidence: unknown
    readonly remedy: string | null
    readonly owasp_nhi: string[]
    readonly nist_csf: string[]
    readonly nist_csf_1_1: string[]
    readonly nist_800_53: string[]
    readonly ai_rmf: string[]
    readonly waived: unknown
  }
}
