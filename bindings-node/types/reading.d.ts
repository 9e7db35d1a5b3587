// The account of a reading.

import type { Place } from './error'
import type { Format } from './words'

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
