// Policies.

import type { Environment, EnvironmentClass, RelationKind, Right, Rule, SecretKind, Severity } from './words'

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
