// The report of an assessment. Rows keep the names of the command's JSON.

import type { Answer, Crossing, PathStep } from './answers'
import type { Coverage, ReadingAccount } from './reading'
import type { ControlDrift, Tie } from './standing'
import type { Table, TableOptions, Tabular } from './table'
import type { AssessTables } from './tables'
import type { Authentication, Certainty, Environment, EnvironmentSource, RotationStatus, Rule, Severity, Storage } from './words'

export interface ReportJson {
  version: string
  as_of: string
  estate: EstateCounts
  summary: Summary
  findings: Finding[]
  metrics: Metric[]
  coverage: Coverage[]
  reading: ReadingAccount
}

/** Everything an assessment says. */
export class Report implements Answer<ReportJson>, Tabular<AssessTables> {
  private constructor()
  readonly tables: Tabular<AssessTables>['tables']
  table<Name extends keyof AssessTables & string>(name: Name, options?: TableOptions): Promise<Table<AssessTables[Name]>>
  toJson(): string
  toJSON(): ReportJson
  /** The report for a person, in lines of so many characters (100 where absent). */
  toText(options?: { width?: number | undefined; signal?: AbortSignal | undefined }): Promise<string>
  /** The report as a page for a ticket or a wiki, byte for byte as the command writes it. */
  toMarkdown(options?: { signal?: AbortSignal | undefined }): Promise<string>
  /** The paths of the report as BloodHound OpenGraph, byte for byte as the command writes them. */
  toOpengraph(options?: { signal?: AbortSignal | undefined }): Promise<string>
  /** The report as SARIF 2.1.0, byte for byte as the command writes it. */
  toSarif(options?: { signal?: AbortSignal | undefined }): Promise<string>
  /** The version of the library. */
  readonly version: string
  readonly asOf: string
  /** What there is in the estate. */
  readonly estate: EstateCounts
  /** What a manager reads first. */
  readonly summary: Summary
  /** The findings, the worst first and what is waived last. */
  readonly findings: Finding[]
  /** Shares over the whole estate, with the figures published for them. */
  readonly metrics: Metric[]
  /** What would have to be known and how much of it is, by topic. */
  readonly coverage: Coverage[]
  /** What was read. */
  readonly reading: ReadingAccount
}

/** One statement that a rule makes about an estate. */
export interface Finding {
  /** Stays the same from run to run while the rule and its subjects do. */
  fingerprint: string
  rule: Rule
  title: string
  severity: Severity
  /** Why the severity is one step above that of the rule. */
  raised: string | null
  /** Why the severity is not one step lower. */
  severity_reason: string
  /** The ids of what it is about. */
  subjects: string[]
  message: string
  evidence: Evidence[]
  remedy: string
  standards: Standards
  /** The decision to live with it. */
  waived: Waiver | null
}

/** What shows that a finding is true; tell the kinds apart by `type`. */
export type Evidence =
  | ({ type: 'crossing'; permissions: string[] } & Crossing)
  | { type: 'path'; certainty: Certainty; steps: PathStep[] }
  | { type: 'age'; secret: string; age_days: number | null; limit_days: number | null; due: string | null }
  | { type: 'expiry'; entity: string; expires_at: string }
  | ({ type: 'relation' } & Tie)
  | ({ type: 'subject'; subject: string } & Tie)
  | { type: 'last_use'; entity: string; last_used_at: string; unused_days: number; limit_days: number }
  | { type: 'trust'; granted_at: string | null; last_used_at: string | null; reviewed_at: string | null }
  | { type: 'lifetime'; secret: string; since: string; expires_at: string; limit_days: number }
  | { type: 'kept'; secret: string; storage: Storage }
  | { type: 'holds'; entity: string; secret: string }
  | { type: 'exposure'; secret: string; detector?: string; location?: string; verified?: boolean; found_at?: string }
  | { type: 'authentication'; identity: string; methods: Authentication[] }
  | { type: 'owner'; entity: string; owner: string | null; person: string | null }
  | ({ type: 'control' } & ControlDrift)
  | { type: 'monitoring'; tenant: string; audit_logging: boolean | null; monitored: boolean | null }
  | { type: 'date'; entity: string; field: string; problem: string }
  | { type: 'environment'; entity: string; environment: Environment; source: EnvironmentSource; label: string | null }
  | { type: 'use'; secret: string; role: 'record' | 'authenticates_as' | 'used_by' | 'stored_in'; entity: string; environment: Environment }
  | { type: 'decision'; decision: string; reason: string; owner: string; expires: string | null }

/** The items of published standards that a rule answers to. */
export interface Standards {
  /** OWASP Non-Human Identities Top 10, 2025. */
  owasp_nhi: string[]
  /** NIST Cybersecurity Framework 2.0. */
  nist_csf: string[]
  /** The ids of version 1.1 that became those of 2.0. */
  nist_csf_1_1: string[]
  /** NIST SP 800-53, revision 5. */
  nist_800_53: string[]
  ai_rmf: string[]
}

/** A decision to live with a finding. */
export interface Waiver {
  reason: string
  owner: string
  expires: string | null
  by: 'exception' | 'allowed_flow'
}

/** Some of so many; `null`, not zero, where nothing could be counted. */
export interface Share {
  value: number | null
  numerator: number
  denominator: number
}

/** A share over the whole estate and over its parts. */
export interface Metric extends Share {
  id: string
  definition: string
  /** The published figure to hold it against. */
  published: { value: number; note: string } | null
  /** The same by the id of the tenant; `null` where parts say nothing more than the whole. */
  by_tenant: Record<string, Share> | null
  by_environment: Partial<Record<Environment, Share>> | null
}

export interface EstateCounts {
  entities: number
  tenants: number
  identities: number
  secrets: number
  resources: number
  placeholders: number
  relations: number
  environments: Partial<Record<Environment, number>>
}

export interface Summary {
  findings: {
    total: number
    open: number
    waived: number
    /** The open ones. */
    by_severity: Record<Severity, number>
    by_rule: Partial<Record<Rule, number>>
  }
  reach: {
    nonproduction_tenants: number
    nonproduction_tenants_reaching_production: number
    production_entities: number
    production_entities_reached: number
    production_entities_possibly_reached: number
    crossings: number
    possible_crossings: number
  }
  /** The cheapest cut that ends every proven way; `null`, which is unknown, where the estate is too large to look for it in passing. */
  cuts: {
    /** How many relations are to be ended; `null` where no cut exists. */
    changes: number | null
    cost: number | null
    /** What every cut costs at least. */
    bound: number
    /** Whether no cheaper cut exists. */
    exact: boolean
  } | null
  secrets: Record<RotationStatus, number>
  /** Open findings about what should have been done by now. */
  overdue: { secrets: number; tenants: number; decisions: number }
  /** Open findings of what scanners found, and those of them that a scanner proved to work. */
  leaked: { secrets: number; verified: number }
  /** What cannot be judged. */
  not_known: { topics: number; topics_with_gaps: number; tenants_without_environment: number; secrets_of_unknown_age: number }
}
