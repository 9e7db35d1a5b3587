// Policies.

import type { TenantRecord } from './document'
import type { Environment, EnvironmentClass, PermissionScope, RelationKind, Right, Rule, SecretKind, Severity, Storage } from './words'

/** A policy: the path of a TOML or JSON file, an object, or a `Policy`; `null` is the default policy. */
export type PolicyInput = string | URL | PolicyDocument | Policy | null

/** What the organisation has decided: limits, environment rules, allowed flows, severities and exceptions. Immutable, and always whole. */
export class Policy {
  private constructor()
  /** Reads a file: JSON where its name ends in `.json`, else TOML. */
  static read(path: string | URL, options?: { signal?: AbortSignal | undefined }): Promise<Policy>
  static parse(text: string, format?: 'toml' | 'json'): Policy
  /** What is not written is as in the default policy. */
  static from(document: PolicyDocument | Policy): Policy
  static default(): Policy
  /** The default policy as TOML, with a comment and a source for every value. */
  static readonly defaultToml: string
  toJson(): string
  toToml(): string
  toJSON(): Required<PolicyDocument>
}

/** A policy as JSON. What is not written is as in the default policy. */
export interface PolicyDocument {
  /** A secret that must be replaced within so many days is due soon. */
  due_soon_days?: number
  /** An expiry so many days after the date of the assessment counts as "never". */
  never_expires_days?: number
  /** The longest a dynamic secret should live. */
  dynamic_lifetime_days?: number
  /** A preview or demo tenant without a stated end should be gone after so many days. */
  short_lived_days?: number
  /** The places that count as a secret manager. */
  secret_managers?: Storage[]
  /** The classes of environments in which a machine identity must prove itself by a certificate or a federated token. */
  strong_authentication?: EnvironmentClass[]
  /** Whether machine identities that command a tenant, or hold a permission of tier 0, must do so everywhere. */
  strong_authentication_of_privileged?: boolean
  /** Owners who left, as globs. */
  left_owners?: string[]
  /** Rows laid over the table of privileged permissions. */
  privileged_permissions?: PrivilegedPermission[]
  /** The days without use after which something counts as unused. */
  dormancy_days?: { identities?: number; secrets?: number; grants?: number; trusts?: number }
  /** How often trusts are reviewed, and the labels that hold the date of the last review. */
  reviews?: { trust_days?: number; labels?: string[] }
  /** What an integration that a vendor runs needs at most. */
  third_party?: { rights?: Right[]; vendors?: Record<string, Right[]> }
  /** The controls that a tenant of a class must have; what is absent is not asked for. */
  baselines?: Partial<Record<EnvironmentClass, NonNullable<TenantRecord['controls']>>>
  /** Limits by kind of secret. */
  limits?: Limits
  /** Limits that replace those of a kind in one class of environments. */
  limits_by_class?: Partial<Record<EnvironmentClass, Limits>>
  /** How environments are learnt from labels and names. */
  environments?: EnvironmentRules
  /** The sides between which nothing may flow but what is allowed. */
  boundaries?: { from: Side; to: Side }[]
  /** The crossings that are allowed. */
  flows?: Flow[]
  /** What it costs to end a relation. */
  cuts?: CutCosts
  /** Severities that replace those of the rules, by rule id. */
  severities?: Partial<Record<Rule, Severity>>
  /** The findings that are waived. */
  exceptions?: Exception[]
}

/** A right of a provider by which one identity commands many. */
export interface PrivilegedPermission {
  provider?: string
  /** The provider's own name of the right. */
  permission: string
  /** The provider's own id of the right; `*` stands for any text. */
  id?: string
  /** What it must be over to count. */
  over?: PermissionScope
  /** 0 commands everything around it, 1 much of it; absent: not privileged. */
  tier?: number
  source?: string
}

/** Limits by kind of secret. */
export type Limits = Partial<Record<SecretKind, Limit>>

export interface Limit {
  /** The oldest a value may be, in days since it was rotated, or else created. */
  age_days?: number
  /** The longest it may be valid, in days from its creation to its expiry. */
  lifetime_days?: number
  /** Whether a statement that it never expires is a finding. */
  must_expire?: boolean
}

/** An environment, or all of a class. */
export type Side = Environment | EnvironmentClass

/** A crossing that is allowed. */
export interface Flow {
  from: Side
  to: Side
  right: Right
  reason: string
  owner: string
  expires?: string
}

/** A decision to live with what a rule finds. */
export interface Exception {
  rule: Rule
  /** A glob over the ids of the subjects. */
  subject: string
  reason: string
  owner: string
  expires?: string
}

export interface CutCosts {
  /** The cost by kind; 1 for a kind that is not listed. */
  kinds?: Partial<Record<RelationKind, number>>
  /** The relations that will not be ended. */
  uncuttable?: { from?: string; kind?: RelationKind; to?: string }[]
}

export interface EnvironmentRules {
  /** The keys of labels that tell an environment, the first the strongest. */
  label_keys?: string[]
  /** Regular expressions over names, the first that matches answers. */
  names?: { pattern: string; environment: Environment }[]
}
