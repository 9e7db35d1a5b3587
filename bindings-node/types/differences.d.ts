// The answers about two estates, and changes of one.

import type { Answer, Crossing } from './answers'
import type { IdentityRecord, RelationRecord, ResourceRecord, SecretRecord, TenantRecord } from './document'
import type { Finding } from './report'
import type { Table, TableOptions, Tabular } from './table'
import type { DiffTables, WhatIfTables } from './tables'
import type { EntityType, RelationKind } from './words'

/** Changes of an estate, written like its document. */
export interface Changes {
  format?: 'tenantgraph/1'
  /** Records that are added. */
  add?: {
    tenants?: readonly TenantRecord[]
    identities?: readonly IdentityRecord[]
    secrets?: readonly SecretRecord[]
    resources?: readonly ResourceRecord[]
    relations?: readonly RelationRecord[]
  }
  /** Ids, and relations by their ends and kind. With an entity go its relations. */
  remove?: {
    entities?: readonly string[]
    relations?: readonly { from: string; kind: RelationKind; to: string }[]
  }
  /** Records with their id, or the ends and kind of a relation, and only what differs; `null` takes a field away. */
  alter?: {
    tenants?: readonly Altered<TenantRecord, 'id'>[]
    identities?: readonly Altered<IdentityRecord, 'id'>[]
    secrets?: readonly Altered<SecretRecord, 'id'>[]
    resources?: readonly Altered<ResourceRecord, 'id'>[]
    relations?: readonly Altered<RelationRecord, 'from' | 'kind' | 'to'>[]
  }
}

/** The keys of a record and what becomes different. */
export type Altered<Item, Key extends keyof Item> = Required<Pick<Item, Key>> & { [Field in Exclude<keyof Item, Key>]?: Item[Field] | null }

export interface WhatIfJson {
  opened: Crossing[]
  closed: Crossing[]
  findings_added: Finding[]
  findings_resolved: Finding[]
  undecided: Undecided[]
}

/** What stands for whom a grant of a plan names (an identity) or what it is over (a resource), until the plan is applied. */
export interface Undecided {
  entity: string
  type: EntityType
  name: string
}

/** What a set of changes does. */
export class WhatIf implements Answer<WhatIfJson>, Tabular<WhatIfTables> {
  private constructor()
  readonly tables: Tabular<WhatIfTables>['tables']
  table<Name extends keyof WhatIfTables & string>(name: Name, options?: TableOptions): Promise<Table<WhatIfTables[Name]>>
  toJson(): string
  toJSON(): WhatIfJson
  /** The crossings into production that it opens. */
  readonly opened: Crossing[]
  /** Those that it closes. */
  readonly closed: Crossing[]
  readonly findingsAdded: Finding[]
  readonly findingsResolved: Finding[]
  /** What a plan leaves open until it is applied: whom a grant in production names, or what a grant is over. */
  readonly undecided: Undecided[]
}

export interface DiffJson {
  entities: EntitiesDiff
  relations: { added: RelationRecord[]; removed: RelationRecord[] }
  crossings: { opened: Crossing[]; closed: Crossing[] }
  findings: { added: Finding[]; resolved: Finding[] }
  secrets: SecretsDiff
}

/** What came and went between two estates. */
export class Diff implements Answer<DiffJson>, Tabular<DiffTables> {
  private constructor()
  readonly tables: Tabular<DiffTables>['tables']
  table<Name extends keyof DiffTables & string>(name: Name, options?: TableOptions): Promise<Table<DiffTables[Name]>>
  toJson(): string
  toJSON(): DiffJson
  readonly entities: EntitiesDiff
  /** One that differs in any field went and came. */
  readonly relations: DiffJson['relations']
  /** Crossings into production. */
  readonly crossings: DiffJson['crossings']
  readonly findings: DiffJson['findings']
  readonly secrets: SecretsDiff
}

/** Entities by id. */
export interface EntitiesDiff {
  added: string[]
  removed: string[]
  /** Each with the fields that differ. */
  changed: { entity: string; fields: string[] }[]
}

/** The ids of the secrets of both estates. One of which neither dates nor fingerprints tell is in neither list. */
export interface SecretsDiff {
  rotated: string[]
  unrotated: string[]
}
