// The answers about how an estate stands: what is shared, who may do what, what should have ended, what labels are worth.

import type { Answer, PathStep } from './answers'
import type { EntityKind } from './estate'
import type { Coverage } from './reading'
import type { Table, TableOptions, Tabular } from './table'
import type { ClassificationTables, LifecycleTables, PrivilegeTables, SharingTables } from './tables'
import type {
  Certainty,
  Control,
  CouplingKind,
  DriftAgainst,
  EntityType,
  Environment,
  EnvironmentClass,
  EnvironmentSource,
  Guard,
  IdentityKind,
  LabelVerdict,
  OffboardingReason,
  OwnerProblem,
  PrivilegeReason,
  RelationKind,
  Right,
  SharingCategory,
  SharingRole,
  TenantKind,
  TrustProblem,
} from './words'

/** A relation that is shown as evidence. */
export interface Tie {
  from: string
  kind: RelationKind
  to: string
  /** The right over `to`; `null` where nobody mapped it. */
  right: Right | null
  /** The provider's own name of the right. */
  permission: string | null
  /** The conditions that stop a holder. */
  guards: Guard[]
  certainty: Certainty
}

/** What serves more than one environment, by category then id; iterates over it. */
export class Sharing implements Answer<SharedEntity[]>, Tabular<SharingTables> {
  private constructor()
  readonly tables: Tabular<SharingTables>['tables']
  table<Name extends keyof SharingTables & string>(name: Name, options?: TableOptions): Promise<Table<SharingTables[Name]>>
  toJson(): string
  toJSON(): SharedEntity[]
  readonly shared: SharedEntity[]
  readonly length: number
  [Symbol.iterator](): Iterator<SharedEntity>
}

/** Something that serves more than one environment. */
export interface SharedEntity {
  category: SharingCategory
  /** Its id; for a secret that of its first record. */
  entity: string
  /** The ids of all records of a secret; of anything else its own. */
  records: string[]
  kind: EntityKind
  /** The vendor who runs it, where that is known. */
  vendor: string | null
  /** The environments it serves; `shared` and `unknown` are none. */
  environments: Environment[]
  classes: EnvironmentClass[]
  /** The environments in which it has rights. */
  rights: Environment[]
  /** Those of them in which it has one that nobody has to approve. */
  unapproved: Environment[]
  /** The ids of the pipelines that an identity is, or that act as it without an approval, and of the runners that do. */
  pipelines: string[]
  /** How many ties it has to each of them. */
  ties: Partial<Record<Environment, number>>
  /** The first 25 ties of each environment. */
  evidence: SharingEvidence[]
}

/** One tie to an environment. */
export interface SharingEvidence {
  environment: Environment
  role: SharingRole
  /** The id of the other entity; of itself, or of the record, where it stands there. */
  entity: string
  /** `null` where it stands there, or contains the other by that one's tenant. */
  relation: Tie | null
}

export interface PrivilegeJson {
  identities: IdentityPrivilege[]
  broader_than_production: TwinDrift[]
  summary: PrivilegeSummary
  coverage: Coverage[]
}

/** What identities may do against what they do. */
export class Privilege implements Answer<PrivilegeJson>, Tabular<PrivilegeTables> {
  private constructor()
  readonly tables: Tabular<PrivilegeTables>['tables']
  table<Name extends keyof PrivilegeTables & string>(name: Name, options?: TableOptions): Promise<Table<PrivilegeTables[Name]>>
  toJson(): string
  toJSON(): PrivilegeJson
  /** The living identities that were granted a right, by id. */
  readonly identities: IdentityPrivilege[]
  /** What holds more than its twin in production, or over which more is held, by id. */
  readonly broaderThanProduction: TwinDrift[]
  readonly summary: PrivilegeSummary
  /** How much of what this question needs is known. */
  readonly coverage: Coverage[]
}

/** How many rights were granted and are used. */
export interface GrantCounts {
  granted: number
  /** Those used within the days of the policy. */
  used: number
  /** Those last used before that. */
  unused: number
  /** Those of which nobody says when they were last used. */
  unknown: number
}

/** What one identity may do and does. */
export interface IdentityPrivilege extends GrantCounts {
  identity: string
  kind: IdentityKind
  environment: Environment
  /** Its own rights that command much. */
  privileged: PrivilegedGrant[]
  /** The ids of the groups and roles by which it commands much. */
  through: string[]
  /** Its rights that it has not used for longer than the policy says. */
  unused_grants: UnusedGrant[]
}

/** A right that commands much. */
export interface PrivilegedGrant {
  /** The first of several that differ only in what resource, secret or identity they are over. */
  relation: Tie
  /** How many there are. */
  relations: number
  reasons: PrivilegeReason[]
  /** Its tier in the table of privileged permissions: 0 commands everything around it. */
  tier: number | null
}

/** A right that has not been used for long. */
export interface UnusedGrant {
  relation: Tie
  granted_at: string | null
  last_used_at: string
  unused_days: number
}

/** An identity that holds more than its twin in production, or a tenant over which more is held. */
export interface TwinDrift {
  entity: string
  entity_type: EntityType
  kind: EntityKind
  environment: Environment
  /** The ids of its twins in production. */
  twins: string[]
  /** The rights that have no match there. */
  broader: BroaderRight[]
}

/** A right that has no match in production. */
export interface BroaderRight {
  relation: Tie
  /** The ids of what a matching right would be over. */
  matched_over: string[]
  /** The strongest right that is held there. */
  held: Right | null
}

export interface PrivilegeSummary extends GrantCounts {
  /** The machine identities that were granted a right. */
  machine_identities: number
  /** Those of them that command much. */
  privileged_machine_identities: number
  /** Those of them that command much or hold a right they do not use. */
  excessive_machine_identities: number
}

export interface LifecycleJson {
  owners: OwnerGap[]
  dormant: Dormant[]
  expired: Expired[]
  offboarding: NotOffboarded[]
  trusts: StaleTrust[]
  coverage: Coverage[]
}

/** What should have ended, or has nobody to end it. */
export class Lifecycle implements Answer<LifecycleJson>, Tabular<LifecycleTables> {
  private constructor()
  readonly tables: Tabular<LifecycleTables>['tables']
  table<Name extends keyof LifecycleTables & string>(name: Name, options?: TableOptions): Promise<Table<LifecycleTables[Name]>>
  toJson(): string
  toJSON(): LifecycleJson
  /** What nobody answers for, by id. */
  readonly owners: OwnerGap[]
  /** The identities and secrets that have not been used for long, by id. */
  readonly dormant: Dormant[]
  /** The identities, secrets and tenants that are past their end and still there, by id. */
  readonly expired: Expired[]
  /** The tenants that should be gone and are still trusted or still hold working secrets, by id. */
  readonly offboarding: NotOffboarded[]
  /** The trusts and federations that are not used or not looked at. */
  readonly trusts: StaleTrust[]
  /** How much of what this question needs is known. */
  readonly coverage: Coverage[]
}

/** Something that nobody answers for. */
export interface OwnerGap {
  entity: string
  entity_type: EntityType
  kind: EntityKind
  environment: Environment
  problem: OwnerProblem
  /** The owner who left. */
  owner: string | null
  /** The id of the person of the estate who that is. */
  person: string | null
}

/** An identity or a secret that has not been used for long. */
export interface Dormant {
  entity: string
  entity_type: EntityType
  kind: EntityKind
  environment: Environment
  last_used_at: string
  unused_days: number
  /** The days after which it counts as unused. */
  limit_days: number
}

/** An identity, a secret or a tenant past its end. */
export interface Expired {
  entity: string
  entity_type: EntityType
  kind: EntityKind
  environment: Environment
  expires_at: string
  expired_days: number
  /** How many relations say who still keeps or uses a secret, or whom it still stands for. */
  holders: number
  /** The first 10 of them. */
  held_by: Tie[]
}

/** A tenant that should be gone. */
export interface NotOffboarded {
  tenant: string
  kind: TenantKind
  environment: Environment
  reason: OffboardingReason
  created_at: string | null
  expires_at: string | null
  /** How many relations lead from it, or from what it contains, into tenants that are to stay. */
  trusts: number
  /** The first 25 of them. */
  trusted_by: Tie[]
  /** The ids of the working secrets in it, or in tenants below it. */
  living_secrets: string[]
}

/** A trust or federation that nobody uses or nobody looks at. */
export interface StaleTrust {
  relation: Tie
  from_environment: Environment
  to_environment: Environment
  problems: TrustProblem[]
  granted_at: string | null
  last_used_at: string | null
  unused_days: number | null
  /** When it was last reviewed, as a label on either end says. */
  reviewed_at: string | null
}

export interface ClassificationJson {
  tenants: TenantClassification[]
  control_drift: ControlDrift[]
  unmonitored: Unmonitored[]
  coverage: Coverage[]
}

/** Each tenant's label held against the evidence, and its controls against the baseline and its twin. */
export class Classification implements Answer<ClassificationJson>, Tabular<ClassificationTables> {
  private constructor()
  readonly tables: Tabular<ClassificationTables>['tables']
  table<Name extends keyof ClassificationTables & string>(name: Name, options?: TableOptions): Promise<Table<ClassificationTables[Name]>>
  toJson(): string
  toJSON(): ClassificationJson
  /** Every tenant, by id. */
  readonly tenants: TenantClassification[]
  /** The controls that are below a baseline or a twin. */
  readonly controlDrift: ControlDrift[]
  /** The tenants that are stated to have no audit log or nobody who watches, by id. */
  readonly unmonitored: Unmonitored[]
  /** How much of what this question needs is known. */
  readonly coverage: Coverage[]
}

/** A tenant, what it is said to be, and what speaks of production in it. */
export interface TenantClassification {
  tenant: string
  kind: TenantKind
  environment: Environment
  /** Where that was learnt. */
  source: EnvironmentSource
  verdict: LabelVerdict
  /** What each source says, where they disagree on the class. */
  claims: EnvironmentClaim[]
  /** How many things it contains, tenants aside. */
  contents: number
  /** How many of them are themselves stated to be production. */
  stated_production: number
  stated_non_production: number
  /** How many pieces of evidence there are, by what they are. */
  counts: Partial<Record<CouplingKind, number>>
  /** The first 25 pieces of each kind. */
  evidence: Coupling[]
}

/** What one source says of the environment of a tenant. */
export interface EnvironmentClaim {
  source: EnvironmentSource
  /** The key of the label that says so. */
  label: string | null
  environment: Environment
}

/** A piece of evidence that a tenant has to do with production. */
export interface Coupling {
  kind: CouplingKind
  /** The id of what stands in the tenant. */
  entity: string
  /** The id of the other side; `null` where what stands in the tenant is of production itself. */
  production: string | null
  relation: Tie | null
  /** The way from the tenant, where the evidence is one. */
  path: PathStep[]
  certainty: Certainty
}

/** A control that is weaker than it should be: a flag, or a number of days. */
export interface ControlDrift {
  tenant: string
  environment: Environment
  control: Control
  value: boolean | number
  expected: boolean | number
  against: DriftAgainst
  /** The id of the twin that says so. */
  twin: string | null
}

/** A tenant that is stated to have no audit log or nobody who watches. */
export interface Unmonitored {
  tenant: string
  environment: Environment
  audit_logging: boolean | null
  monitored: boolean | null
}
