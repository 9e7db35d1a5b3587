// Tables: columns as typed arrays, and rows that are made when they are touched.

/** What the values of a column are. */
export type ColumnForm = 'text' | 'word' | 'number' | 'flag' | 'instant' | 'list'

/** The values of one column. */
export interface Column<Value> extends Iterable<Value> {
  readonly name: string
  readonly form: ColumnForm
  readonly length: number
  /**
   * The numbers; of instants the milliseconds since 1970; of flags 1 for yes; of words their places in `words`. Absent for texts and lists. Where nothing is
   * known a number is `NaN` and anything else 0: see `valid`.
   */
  readonly values: Float64Array | Uint8Array | Uint32Array | undefined
  /** The words of a column that has few. */
  readonly words: readonly string[] | undefined
  /** 1 for each row of which something is known; absent where that is every row. */
  readonly valid: Uint8Array | undefined
  /** The value of a row; `null` where nothing is known, `undefined` where there is no such row. Negative numbers count from the end. */
  at(row: number): Value | undefined
}

/** Columns over the same rows. A million rows cost their columns; an object a row is made when that row is touched. */
export interface Table<Row> extends Iterable<Row> {
  readonly name: string
  readonly length: number
  columns(): Column<Row[keyof Row]>[]
  column<Name extends keyof Row & string>(name: Name): Column<Row[Name]>
  /** A row, whose values are read when they are asked for; negative numbers count from the end. */
  at(row: number): Row | undefined
  slice(from?: number, to?: number): Row[]
}

/** What a table is asked for with. */
export interface TableOptions {
  /** Aborts the work; the promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined
}

/** What has tables. */
export interface Tabular<Tables> {
  /** The names of its tables. */
  readonly tables: readonly (keyof Tables & string)[]
  /** A table by its name, built off the main thread. */
  table<Name extends keyof Tables & string>(name: Name, options?: TableOptions): Promise<Table<Tables[Name]>>
}
