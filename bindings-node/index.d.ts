// The public face of tenantgraph in Node. Rows keep the names of the command's JSON; the word lists stand in `words.d.ts`.

import type { EstateDocument } from './document'
import type {
  Certainty,
  EntityType,
  Environment,
  EnvironmentClass,
  EnvironmentSource,
  ErrorCode,
  Format,
  Guard,
  IdentityKind,
  RelationKind,
  ResourceKind,
  Right,
  RotationStatus,
  Rule,
  SecretKind,
  Severity,
  Storage,
  TenantKind,
  Words,
} from './words'

export type * from './document'
export type * from './words'

/** Every word list of the library, by name. */
export const words: Words

/** Where in an input something stands. Absent parts are not known; it never holds text of the input. */
export interface Place {
  /** The name of the input. */
  readonly source: string
  /** The line, from 1. */
  readonly line?: number
  /** The column, from 1. */
  readonly column?: number
  /** The record within the input, from 1. */
  readonly record?: number
  /** The field within the record. */
  readonly field?: string
}

/** Anything that goes wrong in the library. Tell errors apart by `code`, never by the message. */
export class TenantGraphError extends Error {
  private constructor()
  readonly name: 'TenantGraphError'
  readonly code: ErrorCode
  /** Where in the input, where that is known. The message starts with it. */
  readonly place?: Place
}

/** How far a piece of work is; `total` is 0 where that is not known. */
export interface Progress {
  done: number
  total: number
}

/** What every promise can be told. */
export interface Watching {
  /** Aborts the work; the promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined
  /** Called about every 50 ms where anything changed, and before the promise resolves, never after. What it throws rejects the promise. */
  onProgress?: ((progress: Progress) => void | Promise<void>) | undefined
}

/** An instant: text (RFC 3339 or a date) or a `Date`. The library never reads the clock. */
export type Instant = string | Date

/** A content with a name that places show. */
export interface Content {
  name?: string
  /** Text, bytes, or an estate document. Do not change bytes before the promise has settled. */
  content: string | Uint8Array | object
  /** The format to read it as; detected where absent. */
  format?: Format
}

/** A path whose format is not to be detected. */
export interface ForcedPath {
  path: string | URL
  format?: Format
}

/** A path, a directory or a glob; the bytes of an export; an estate document; or one of these with a name or a format. */
export type Input = string | URL | Uint8Array | Content | ForcedPath | EstateDocument

/** A label overlay (CSV): a path, bytes or a named content. */
export type LabelsInput = string | URL | Uint8Array | Content

export interface ReadOptions extends Watching {
  /** Label overlays, the last the strongest. A `labels.csv` among the inputs is one already. */
  labels?: LabelsInput | readonly LabelsInput[] | undefined
  /** The key under which secret values become fingerprints, at least 16 bytes; a random one of this process where absent. */
  fingerprintKey?: string | Uint8Array | undefined
  /** The instant that questions are about where they give none. */
  asOf?: Instant | undefined
  /** The policy that holds for questions where they give none. */
  policy?: PolicyInput | undefined
}

/**
 * Reads inputs of any mix of formats into one estate. One bad record never stops it: see `estate.reading.skipped`.
 *
 * ```js
 * const estate = await read(['exports/'], { labels: 'labels.csv', asOf: '2026-05-01' })
 * ```
 */
export function read(inputs: Input | readonly Input[], options?: ReadOptions): Promise<Estate>

/** Which entities a question is about, as text (`class=production,kind=service_account`) or in parts, all of which must hold. */
export type Selector =
  | string
  | {
      class?: EnvironmentClass
      environment?: Environment
      /** A glob on the id or name of the own tenant. */
      tenant?: string
      kind?: EntityKind
      /** A glob. */
      id?: string
    }

/** The kind of an entity, or its type. */
export type EntityKind = EntityType | TenantKind | IdentityKind | SecretKind | ResourceKind

/** What every question can be told. */
export interface AskOptions extends Watching {
  /** The instant of the question; that given to `read` where absent. One of the two must be given. */
  asOf?: Instant | undefined
  /** What the organisation has decided; that given to `read` where absent, else the default policy. */
  policy?: PolicyInput | undefined
}

/** What questions that follow relations can be told. */
export interface QuestionOptions extends AskOptions {
  /** Guards that do not stop the attacker, or `all`. */
  ignoreGuards?: Guard | 'all' | readonly Guard[] | undefined
  /** Guards that stop the attacker besides the default ones, or `all`. */
  honourGuards?: Guard | 'all' | readonly Guard[] | undefined
}

export interface BlastRadiusOptions extends QuestionOptions {
  /** Whether relations that are only possible are left out. */
  provenOnly?: boolean | undefined
}

export interface ReachOptions extends BlastRadiusOptions {
  /** The start, one or several selectors any of which may hold; every living non-production entity where absent. */
  source?: Selector | readonly Selector[] | undefined
  /** The target; production where absent. */
  target?: Selector | readonly Selector[] | undefined
  /** How many paths are written at most; 20 where absent. */
  paths?: number | undefined
}

/** Everything that was read: tenants, identities, secrets, resources and the relations between them. Immutable. */
export class Estate {
  private constructor()
  /** The estate of a document in the library's own format, as an object, text or bytes. */
  static fromDocument(document: EstateDocument | string | Uint8Array, options?: ReadOptions): Promise<Estate>
  /** The number of entities. */
  readonly length: number
  /** The instant that was given to `read`. */
  readonly asOf: string | undefined
  /** The policy that was given to `read`. */
  readonly policy: Policy | undefined
  /** What was read, what was skipped and why, what conflicted, and what was not in the input. */
  readonly reading: Reading
  /** The document of the estate in the library's own format; reading it again gives the same estate. */
  toDocument(options?: Watching): Promise<EstateDocument>
  /** The same as text, byte for byte as `tenantgraph convert` writes it. */
  toJson(options?: Watching): Promise<string>
  /** What of a target is held from a start, how deep, over which crossings and by which paths. */
  reach(options?: ReachOptions): Promise<Reach>
  /** For every non-production tenant on its own: which production tenants it reaches. Proven relations only. */
  tenantMatrix(options?: QuestionOptions): Promise<TenantMatrix>
  /** What is held after the loss of these entities, by their ids, and which secrets must be rotated, in order. */
  blastRadius(lost: string | readonly string[], options?: BlastRadiusOptions): Promise<BlastRadius>
  /** The age, the limit, the due date and the status of every secret. */
  rotation(options?: AskOptions): Promise<Rotation>
  /** Holds the estate against a policy: what non-production reaches, which secrets are stale, and every rule. */
  assess(options?: AskOptions): Promise<Report>
}

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

/** What every answer is: the JSON of the command, parsed when first looked at. Take it as read-only. */
export interface Answer<Json> {
  /** The JSON, byte for byte as the command writes it. */
  toJson(): string
  /** The JSON as a value. */
  toJSON(): Json
}

export interface ReachJson {
  as_of: string
  from: string[]
  to: string[]
  reached: ReachedFact[]
  crossings: Crossing[]
  paths: Path[]
}

/** What of a target is held. */
export class Reach implements Answer<ReachJson> {
  private constructor()
  toJson(): string
  toJSON(): ReachJson
  readonly asOf: string
  /** The start, as selectors any of which holds. */
  readonly from: string[]
  /** The target, as selectors any of which holds. */
  readonly to: string[]
  /** Every target fact held, by entity then right, those implied by control included. */
  readonly reached: ReachedFact[]
  /** The conducting relations on held facts that lead from outside the target into it. */
  readonly crossings: Crossing[]
  /** One shortest path a crossing, then one to each further target fact, as many as were asked for. */
  readonly paths: Path[]
}

/** A fact that is held. */
export interface ReachedFact {
  entity: string
  right: Right
  /** The least number of hops. */
  depth: number
  certainty: Certainty
}

/** A relation that leads into the target. */
export interface Crossing {
  from: string
  kind: RelationKind
  to: string
  right: Right
  certainty: Certainty
  /** The number of target entities in the closure of the fact it grants, alone. */
  reached: number
}

/** The derivation of a fact. */
export interface Path {
  entity: string
  right: Right
  certainty: Certainty
  steps: PathStep[]
}

/** One hop: whoever holds `from` gains the right over `to`. */
export interface PathStep {
  from: string
  kind: RelationKind
  to: string
  right: Right
  /** The provider's own name of the right. */
  permission: string | null
}

/** The matrix of tenants; iterates over its cells. */
export class TenantMatrix implements Answer<MatrixCell[]> {
  private constructor()
  toJson(): string
  toJSON(): MatrixCell[]
  readonly cells: MatrixCell[]
  readonly length: number
  [Symbol.iterator](): Iterator<MatrixCell>
}

/** What control of one non-production tenant gives in one production tenant. */
export interface MatrixCell {
  source: string
  target: string
  entities: number
  strongest: Right
  depth: number
  path: PathStep[]
}

export interface BlastRadiusJson {
  start: string[]
  held: number
  by_environment: Partial<Record<Environment, number>>
  by_tenant: Record<string, number>
  by_kind: Partial<Record<EntityKind, number>>
  entities: ReachedFact[]
  rotate: string[]
}

/** What is held after a loss. */
export class BlastRadius implements Answer<BlastRadiusJson> {
  private constructor()
  toJson(): string
  toJSON(): BlastRadiusJson
  /** The ids of what was lost. */
  readonly start: string[]
  /** The number of entities held, what was lost included. */
  readonly held: number
  readonly byEnvironment: Partial<Record<Environment, number>>
  readonly byTenant: Record<string, number>
  readonly byKind: Partial<Record<EntityKind, number>>
  readonly entities: ReachedFact[]
  /** The ids of the secrets that were exposed, in the order in which to rotate them. */
  readonly rotate: string[]
}

export interface RotationJson {
  secrets: SecretRotation[]
  summary: RotationSummary
}

/** How every secret stands against its limits. */
export class Rotation implements Answer<RotationJson> {
  private constructor()
  toJson(): string
  toJSON(): RotationJson
  /** The secrets, by id. */
  readonly secrets: SecretRotation[]
  readonly summary: RotationSummary
}

/** How a secret stands. */
export interface SecretRotation {
  secret: string
  kind: SecretKind
  tenant: string | null
  environment: Environment
  /** Whole days since it was rotated, or else created; `null` where that is unknown or lies in the future. */
  age_days: number | null
  /** The days after which it is too old. */
  limit_days: number | null
  /** When it must be replaced. */
  due: string | null
  status: RotationStatus
}

/** How many of some secrets are within their limit. */
export interface RotationShare {
  secrets: number
  /** Those of them that could be judged. */
  judged: number
  within_limit: number
  share_within_limit: number | null
}

export interface RotationSummary extends RotationShare {
  by_status: Record<RotationStatus, number>
  by_kind: Partial<Record<SecretKind, RotationShare>>
  by_tenant: Record<string, RotationShare>
  by_environment: Partial<Record<Environment, RotationShare>>
  by_storage: Partial<Record<Storage, RotationShare>>
  /** The dates that cannot be true. */
  data_problems: { secret: string; field: string; problem: string }[]
}

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
export class Report implements Answer<ReportJson> {
  private constructor()
  toJson(): string
  toJSON(): ReportJson
  /** The report for a person, in lines of so many characters (100 where absent). */
  toText(options?: { width?: number | undefined; signal?: AbortSignal | undefined }): Promise<string>
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
  | { type: 'crossing'; from: string; kind: RelationKind; to: string; right: Right; certainty: Certainty; reached: number; permissions: string[] }
  | { type: 'path'; certainty: Certainty; steps: PathStep[] }
  | { type: 'age'; secret: string; age_days: number | null; limit_days: number | null; due: string | null }
  | { type: 'expiry'; entity: string; expires_at: string }
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
}

/** A decision to live with a finding. */
export interface Waiver {
  reason: string
  owner: string
  expires: string | null
  by: 'exception' | 'allowed_flow'
}

/** A share over the whole estate; `null`, not zero, where nothing could be counted. */
export interface Metric {
  id: string
  definition: string
  value: number | null
  numerator: number
  denominator: number
  /** The published figure to hold it against. */
  published: { value: number; note: string } | null
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
  secrets: Record<RotationStatus, number>
}

/** How much of what a question needs was in the input. */
export interface Coverage {
  topic: string
  known: number
  total: number
  note: string
}

/** What was read, what was left out, and what did not agree. */
export interface ReadingAccount {
  sources: { name: string; format: Format; records: number }[]
  /** The records that were left out, each with its place and the reason. */
  skipped: { place: Place; reason: string }[]
  /** The facts on which two sources disagree. */
  conflicts: { entity: string; field: string; kept: string; other: string }[]
  /** The ids that something refers to and nobody describes. */
  placeholders: string[]
}

/** An account of the reading of an estate. */
export interface Reading extends ReadingAccount {
  /** What was not in the input, or could not be judged. */
  coverage: Coverage[]
}
