// The answers about boundaries: what to cut so that they hold, whether they hold, and the proof of it.

import type { Answer, Path } from './answers'
import type { Flow, Side } from './policy'
import type { Coverage } from './reading'
import type { Table, TableOptions, Tabular } from './table'
import type { CutsTables, IsolationTables } from './tables'
import type { Environment, Guard, IsolationVerdict, RelationKind, Right } from './words'

export interface CutsJson {
  exact: boolean
  cost: number | null
  bound: number
  cut: CutLine[]
  flow: FlowStep[][]
  start_side: HeldSide[]
  choke_points: ChokePoint[]
}

/** The cheapest cut and the choke points. */
export class Cuts implements Answer<CutsJson>, Tabular<CutsTables> {
  private constructor()
  readonly tables: Tabular<CutsTables>['tables']
  table<Name extends keyof CutsTables & string>(name: Name, options?: TableOptions): Promise<Table<CutsTables[Name]>>
  toJson(): string
  toJSON(): CutsJson
  /** Whether no cheaper cut exists: `cost` equals `bound`. */
  readonly exact: boolean
  /** The cost of the cut; `null` where no cut exists, because something on the way will not be ended. */
  readonly cost: number | null
  /** What every cut costs at least. */
  readonly bound: number
  /** What to end. */
  readonly cut: CutLine[]
  /** Ways to the target that each must be cut somewhere, as many as `bound`. */
  readonly flow: FlowStep[][]
  /** The facts that are held all the same once the cut is made and from which the way led on. */
  readonly startSide: HeldSide[]
  /** The facts without which target entities are not held, most first. */
  readonly chokePoints: ChokePoint[]
}

/** A relation to end, and how. */
export interface CutLine extends FlowStep {
  cost: number
  /** What to do, in words. */
  action: string
}

/** A relation on a way. */
export interface FlowStep {
  from: string
  kind: RelationKind
  to: string
}

/** A fact on the start's side of the cut. */
export interface HeldSide {
  entity: string
  right: Right
}

/** A fact without which target entities are not held. */
export interface ChokePoint {
  entity: string
  right: Right
  /** How many other target entities are held only because of it. */
  alone_lead_to: number
}

export interface IsolationJson {
  verdict: IsolationVerdict
  flows: IsolationFlow[]
  coverage: Coverage[]
  certificate: Certificate | null
}

/** Whether the boundaries of a policy hold. */
export class Isolation implements Answer<IsolationJson>, Tabular<IsolationTables> {
  private constructor()
  readonly tables: Tabular<IsolationTables>['tables']
  table<Name extends keyof IsolationTables & string>(name: Name, options?: TableOptions): Promise<Table<IsolationTables[Name]>>
  toJson(): string
  toJSON(): IsolationJson
  /** The worst of the verdicts of the flows. */
  readonly verdict: IsolationVerdict
  /** Every boundary with every right. */
  readonly flows: IsolationFlow[]
  /** What was not in the input: `isolated` speaks of what was read only. */
  readonly coverage: Coverage[]
  /** What proves that everything is isolated; `null` where it is not. Check it with `estate.verify`. */
  readonly certificate: Certificate | null
}

/** A right across a boundary. */
export interface IsolationFlow {
  from: Side
  to: Side
  right: Right
  verdict: IsolationVerdict
  /** The shortest ways to what is gained though nothing allows it. */
  paths: Path[]
}

/** What proves that nothing crosses. */
export interface Certificate {
  /** The hash of the estate with its environments. */
  estate: string
  as_of: string
  guards: Guard[]
  sets: ClosedSet[]
}

/** A closed set of facts. */
export interface ClosedSet {
  boundary: { from: Side; to: Side }
  environments: Environment[]
  /** The allowed flows that it rests on. */
  flows: Flow[]
  /** One hexadecimal digit an entity, by id; 1 is control, 2 read, 4 write, added up. */
  facts: string
}
