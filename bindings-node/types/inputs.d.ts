// What is read, and how a call is watched.

import type { EstateDocument } from './document'
import type { PolicyInput } from './policy'
import type { Format } from './words'

/** A mapping of tables: the path of a file, or what such a file says. */
export type MappingInput = string | URL | TableMapping

/** What the columns of foreign tables say of an estate. */
export interface TableMapping {
  table: TableRule[]
}

/** What the rows of some tables are. */
export interface TableRule {
  /** A glob over the name of the input, of its file, or of that without its ending. */
  input: string
  record: 'tenant' | 'identity' | 'secret' | 'resource' | 'relation'
  /** Rows whose column holds none of these texts make no record. */
  where?: Record<string, string[]>
  /** Where each field of the record comes from: a column, or more said of it. */
  fields: Record<string, string | FieldSource>
  /** Where single labels come from. */
  labels?: Record<string, string | FieldSource>
}

/** Where a value comes from: one of `column`, `value` and `text`. */
export interface FieldSource {
  column?: string
  /** The same in every row. */
  value?: unknown
  /** A text with columns in braces; it says nothing where one of them is empty. */
  text?: string
  /** What stands under this key of a column of objects. */
  key?: string
  /** What each text stands for; `*` is for the others. */
  values?: Record<string, unknown>
  /** What stands between the words of a list; `;` where absent. */
  separator?: string
  /** What a number of an instant counts since 1970. */
  unit?: 'seconds' | 'milliseconds' | 'microseconds'
  /** Whether a fingerprint is one already; what cannot be a hash becomes one nevertheless. */
  hashed?: boolean
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
  /** Label overlays, the last the strongest. A `labels.csv`, packed or not, among the inputs is one already. */
  labels?: LabelsInput | readonly LabelsInput[] | undefined
  /** What the columns of foreign tables say: files (TOML, or JSON where it ends in `.json`) or objects. */
  mapping?: MappingInput | readonly MappingInput[] | undefined
  /** The key under which secret values become fingerprints, at least 16 bytes; a random one of this process where absent. */
  fingerprintKey?: string | Uint8Array | undefined
  /** The instant that questions are about where they give none. */
  asOf?: Instant | undefined
  /** The policy that holds for questions where they give none. */
  policy?: PolicyInput | undefined
  /** The most bytes of memory that a step of the reading, or of a question that gives no limit of its own, may take; more is refused before it begins. */
  memoryLimit?: number | undefined
  /** The most bytes that packed inputs and overlays may hold together once they are unpacked; 8 GiB where absent. */
  unpackedLimit?: number | undefined
}
