'use strict'

const { inspect } = require('node:util')
const { invalidOption } = require('./error.js')

// The columns that hold JSON text, and what it says here.
const JSON_COLUMNS = new Set(['labels', 'controls', 'exposures', 'also', 'evidence', 'waived', 'ties', 'counts', 'value', 'expected'])
const decoder = new TextDecoder()

/** The values of one column, as typed arrays; a value is made when it is asked for. */
class Column {
  #native
  #get

  constructor(name, length, native) {
    this.#native = native
    this.#get = getter(native)
    Object.defineProperties(this, {
      name: { value: name, enumerable: true },
      form: { value: native.form, enumerable: true },
      length: { value: length, enumerable: true },
    })
  }

  get values() {
    return this.#native.numbers ?? this.#native.flags ?? this.#native.codes
  }

  get words() {
    return this.#native.words
  }

  get valid() {
    return this.#native.valid
  }

  at(row) {
    const at = row < 0 ? row + this.length : row
    if (!(at >= 0 && at < this.length)) return undefined
    return this.#native.valid && this.#native.valid[at] === 0 ? null : this.#get(at)
  }

  *[Symbol.iterator]() {
    for (let row = 0; row < this.length; row++) yield this.at(row)
  }
}

/** What gives the value of a row that is known. */
function getter({ form, numbers, flags, codes, words, bytes, offsets, lists }) {
  const text = (at) => decoder.decode(bytes.subarray(offsets[at], offsets[at + 1]))
  switch (form) {
    case 'word':
      return (at) => words[codes[at]]
    case 'number':
      return (at) => numbers[at]
    case 'flag':
      return (at) => flags[at] === 1
    case 'instant':
      return (at) => instant(numbers[at])
    case 'list':
      return (at) => Array.from({ length: lists[at + 1] - lists[at] }, (_, item) => text(lists[at] + item))
    default:
      return text
  }
}

/** Milliseconds since 1970 as the library writes an instant: with microseconds where there are any. */
function instant(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000)
  const micros = Math.round((milliseconds - seconds * 1000) * 1000)
  const fraction = micros === 0 ? '' : `.${String(micros).padStart(6, '0')}`
  return `${new Date(seconds * 1000).toISOString().slice(0, -5)}${fraction}Z`
}

/** Columns over the same rows. Rows are made when they are touched. */
class Table {
  #native
  #names
  #columns = []
  #row

  constructor(name, native) {
    this.#native = native
    this.#names = native.columns()
    this.#row = rowType(this, this.#names)
    Object.defineProperties(this, { name: { value: name, enumerable: true }, length: { value: native.length, enumerable: true } })
  }

  columns() {
    return this.#names.map((name) => this.column(name))
  }

  column(name) {
    const place = this.#names.indexOf(name)
    if (place < 0) throw invalidOption(`the table \`${this.name}\` has no such column; it has ${this.#names.map((it) => `\`${it}\``).join(', ')}`)
    this.#columns[place] ??= new Column(name, this.length, this.#native.column(place))
    return this.#columns[place]
  }

  at(row) {
    const at = row < 0 ? row + this.length : row
    return Number.isInteger(at) && at >= 0 && at < this.length ? new this.#row(at) : undefined
  }

  slice(from = 0, to = this.length) {
    const place = (at) => Math.max(0, Math.min(this.length, at < 0 ? at + this.length : at))
    return Array.from({ length: Math.max(0, place(to) - place(from)) }, (_, at) => this.at(place(from) + at))
  }

  *[Symbol.iterator]() {
    for (let row = 0; row < this.length; row++) yield new this.#row(row)
  }

  [inspect.custom](_depth, options, inspect) {
    return `Table ${inspect({ name: this.name, length: this.length, columns: this.#names }, options)}`
  }
}

/** The type of a table's rows: a getter a column, under the column's name. */
function rowType(table, names) {
  class Row {
    #at

    constructor(at) {
      this.#at = at
    }

    static at(row) {
      return row.#at
    }

    toJSON() {
      return Object.fromEntries(names.map((name) => [name, this[name]]))
    }

    [inspect.custom](_depth, options, inspect) {
      return `Row ${inspect(this.toJSON(), options)}`
    }
  }
  for (const name of names) {
    const parsed = JSON_COLUMNS.has(name)
    let column
    Object.defineProperty(Row.prototype, name, {
      enumerable: true,
      get() {
        column ??= table.column(name)
        const value = column.at(Row.at(this))
        return parsed && typeof value === 'string' ? JSON.parse(value) : value
      },
    })
  }
  return Row
}

module.exports = { JSON_COLUMNS, Table }
