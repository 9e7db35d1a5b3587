// The estate and its questions.

import type { BlastRadius, Reach, Rotation, TenantMatrix } from './answers'
import type { Certificate, Cuts, Isolation, IsolationJson } from './boundaries'
import type { Changes, Diff, WhatIf } from './differences'
import type { EstateDocument } from './document'
import type { Input, Instant, ReadOptions, Watching } from './inputs'
import type { Policy, PolicyInput } from './policy'
import type { Reading } from './reading'
import type { Report } from './report'
import type { Classification, Lifecycle, Privilege, Sharing } from './standing'
import type { Table, TableOptions, Tabular } from './table'
import type { EstateTables } from './tables'
import type { EntityType, Environment, EnvironmentClass, Guard, IdentityKind, ResourceKind, SecretKind, TenantKind } from './words'

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
  /** The most bytes of memory that a step of the work may take, more is refused before it begins; that given to `read` where absent. */
  memoryLimit?: number | undefined
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

export interface CutsOptions extends QuestionOptions {
  /** The start, one or several selectors any of which may hold; every living non-production entity where absent. */
  source?: Selector | readonly Selector[] | undefined
  /** The target; production where absent. */
  target?: Selector | readonly Selector[] | undefined
  /** Whether relations that are only possible must be cut too. */
  includePossible?: boolean | undefined
  /** How many choke points are listed at most; 100 where absent. */
  chokePoints?: number | undefined
}

export interface IsolationOptions extends QuestionOptions {
  /** How many ways across a boundary are written for each right at most; 3 where absent. */
  paths?: number | undefined
}

export type WhatIfOptions = AskOptions &
  (
    | { changes: Changes; before?: undefined }
    /** What lies between an earlier estate and this one: a plan of Terraform is read with the format `terraform@before`, and with `terraform`. */
    | { before: Estate; changes?: undefined }
  )

export interface VerifyOptions extends Watching {
  /** The policy that the certificate was made under; that given to `read` where absent, else the default policy. */
  policy?: PolicyInput | undefined
}

/** Everything that was read: tenants, identities, secrets, resources and the relations between them. Immutable. */
export class Estate implements Tabular<EstateTables> {
  private constructor()
  readonly tables: Tabular<EstateTables>['tables']
  table<Name extends keyof EstateTables & string>(name: Name, options?: TableOptions): Promise<Table<EstateTables[Name]>>
  /** The estate of a document in the library's own format, as an object, text or bytes. */
  static fromDocument(document: EstateDocument | string | Uint8Array, options?: ReadOptions): Promise<Estate>
  /** The number of entities. */
  readonly length: number
  /** The instant that was given to `read`. */
  readonly asOf: string | undefined
  /** The policy that was given to `read`. */
  readonly policy: Policy | undefined
  /** The limit of memory that was given to `read`. */
  readonly memoryLimit: number | undefined
  /** What was read, what was skipped and why, what conflicted, and what was not in the input. */
  readonly reading: Reading
  /** The document of the estate in the library's own format; reading it again gives the same estate. */
  toDocument(options?: Watching): Promise<EstateDocument>
  /** The same as text, byte for byte as `tenantgraph convert` writes it. */
  toJson(options?: Watching): Promise<string>
  /** The estate as one Parquet file, which `read` reads back: its records, with what each is under `record`. */
  toParquet(options?: Pick<Watching, 'signal'>): Promise<Uint8Array>
  /** The estate as BloodHound OpenGraph, which BloodHound ingests and `read` reads back; byte for byte as `tenantgraph convert` writes it. */
  toOpengraph(options?: Pick<Watching, 'signal'>): Promise<string>
  /** The same table as an Arrow file (Feather), or as an Arrow stream. */
  toIpc(options?: Pick<Watching, 'signal'> & { stream?: boolean | undefined }): Promise<Uint8Array>
  /** What of a target is held from a start, how deep, over which crossings and by which paths. */
  reach(options?: ReachOptions): Promise<Reach>
  /** For every non-production tenant on its own: which production tenants it reaches. Proven relations only. */
  tenantMatrix(options?: QuestionOptions): Promise<TenantMatrix>
  /** What is held after the loss of these entities, by their ids, and which secrets must be rotated, in order. */
  blastRadius(lost: string | readonly string[], options?: BlastRadiusOptions): Promise<BlastRadius>
  /** The age, the limit, the due date and the status of every secret. */
  rotation(options?: AskOptions): Promise<Rotation>
  /** What serves more than one environment: secrets, identities, vaults, runners, stores, tenants, what vendors hold. */
  sharing(options?: AskOptions): Promise<Sharing>
  /** What identities may do against what they do, who commands tenants, and what is broader than in production. */
  privilege(options?: AskOptions): Promise<Privilege>
  /** What has no owner, is not used, is past its end, or should be gone: identities, secrets, tenants and trusts. */
  lifecycle(options?: AskOptions): Promise<Lifecycle>
  /** Each tenant's label against what speaks of production in it, and its controls against the baseline and its twin. */
  classification(options?: QuestionOptions): Promise<Classification>
  /** The cheapest relations to end so that nothing of a target is held, with the proof, and the choke points on the way. */
  cuts(options?: CutsOptions): Promise<Cuts>
  /** Whether the boundaries of the policy hold: with a certificate where they do, with paths where they do not. */
  isolation(options?: IsolationOptions): Promise<Isolation>
  /** The crossings and findings that a set of changes opens, adds, closes and resolves. */
  whatIf(options: WhatIfOptions): Promise<WhatIf>
  /** What came and went since an earlier estate. Both are looked at as of the same instant. */
  diff(before: Estate, options?: AskOptions): Promise<Diff>
  /** Checks a certificate of isolation against this estate. What it does not prove rejects with `invalid_document` and the reason. */
  verify(certificate: Certificate | Isolation | IsolationJson | string, options?: VerifyOptions): Promise<void>
  /** Holds the estate against a policy: what non-production reaches, which secrets are stale, and every rule. */
  assess(options?: AskOptions): Promise<Report>
}
