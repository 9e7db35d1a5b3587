// The answers to questions. Rows keep the names of the command's JSON.

import type { EntityKind } from './estate'
import type { Table, TableOptions, Tabular } from './table'
import type { BlastRadiusTables, MatrixTables, ReachTables, RotationTables } from './tables'
import type { Certainty, Environment, RelationKind, Right, RotationStatus, SecretKind, Storage } from './words'

/** What every answer is: the JSON of the command, written when it is first asked for, parsed when it is first looked at. Take it as read-only. For a large answer take its tables. */
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
export class Reach implements Answer<ReachJson>, Tabular<ReachTables> {
  private constructor()
  readonly tables: Tabular<ReachTables>['tables']
  table<Name extends keyof ReachTables & string>(name: Name, options?: TableOptions): Promise<Table<ReachTables[Name]>>
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
export class TenantMatrix implements Answer<MatrixCell[]>, Tabular<MatrixTables> {
  private constructor()
  readonly tables: Tabular<MatrixTables>['tables']
  table<Name extends keyof MatrixTables & string>(name: Name, options?: TableOptions): Promise<Table<MatrixTables[Name]>>
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
export class BlastRadius implements Answer<BlastRadiusJson>, Tabular<BlastRadiusTables> {
  private constructor()
  readonly tables: Tabular<BlastRadiusTables>['tables']
  table<Name extends keyof BlastRadiusTables & string>(name: Name, options?: TableOptions): Promise<Table<BlastRadiusTables[Name]>>
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
export class Rotation implements Answer<RotationJson>, Tabular<RotationTables> {
  private constructor()
  readonly tables: Tabular<RotationTables>['tables']
  table<Name extends keyof RotationTables & string>(name: Name, options?: TableOptions): Promise<Table<RotationTables[Name]>>
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
