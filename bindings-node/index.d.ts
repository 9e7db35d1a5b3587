// The public face of tenantgraph in Node. Rows keep the names of the command's JSON; the word lists stand in `words.d.ts`.

import type { EstateDocument } from './document'
import type {
  Certainty,
  EntityType,
  Environment,
  EnvironmentClass,
  ErrorCode,
  Format,
  Guard,
  IdentityKind,
  RelationKind,
  ResourceKind,
  Right,
  SecretKind,
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
  /** Text, bytes, or an estate document. Bytes are copied when the call is made. */
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

/** What questions that follow relations can be told. */
export interface QuestionOptions extends Watching {
  /** The instant of the question; that given to `read` where absent. One of the two must be given. */
  asOf?: Instant | undefined
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

/** An account of the reading of an estate. */
export interface Reading {
  sources: { name: string; format: Format; records: number }[]
  /** The records that were left out, each with its place and the reason. */
  skipped: { place: Place; reason: string }[]
  /** The facts on which two sources disagree. */
  conflicts: { entity: string; field: string; kept: string; other: string }[]
  /** The ids that something refers to and nobody describes. */
  placeholders: string[]
  /** What was not in the input, or could not be judged. */
  coverage: { topic: string; known: number; total: number; note: string }[]
}
