// What goes wrong, and the word lists at run time.

import type { ErrorCode, Words } from './words'

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

/** Every word list of the library, by name. */
export const words: Words
