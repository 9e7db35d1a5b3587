'use strict'

const { inspect } = require('node:util')
const { unwrap } = require('./error.js')
const { camelCase } = require('./names.js')
const { tableOf } = require('./tabular.js')

/** The JSON of the command, written when it is first asked for and parsed when it is first looked at. */
class Json {
  #write
  #text
  #value

  constructor(write) {
    this.#write = write
  }

  /** The JSON, byte for byte as the command writes it. */
  toJson() {
    this.#text ??= this.#write()
    return this.#text
  }

  /** The JSON as a value, for `JSON.stringify`. */
  toJSON() {
    this.#value ??= JSON.parse(this.toJson())
    return this.#value
  }

  [inspect.custom](_depth, options, inspect) {
    return `${this.constructor.name} ${inspect(this.toJSON(), options)}`
  }
}

/** An answer to a question, as JSON and as tables. */
class Answer extends Json {
  #native

  constructor(native) {
    super(() => unwrap(native.json()))
    this.#native = native
  }

  get tables() {
    return this.#native.tables()
  }

  async table(name, options = {}) {
    return tableOf(this.#native, name, options)
  }
}

/** What has JSON that is an object: a getter a key, in camel case. */
function ofObject(name, keys, base = Answer) {
  const type = { [name]: class extends base {} }[name]
  for (const key of keys) {
    Object.defineProperty(type.prototype, camelCase(key), {
      enumerable: true,
      get() {
        return this.toJSON()[key]
      },
    })
  }
  return type
}

const Reach = ofObject('Reach', ['as_of', 'from', 'to', 'reached', 'crossings', 'paths'])
const BlastRadius = ofObject('BlastRadius', ['start', 'held', 'by_environment', 'by_tenant', 'by_kind', 'entities', 'rotate'])
const Rotation = ofObject('Rotation', ['secrets', 'summary'])
const Privilege = ofObject('Privilege', ['identities', 'broader_than_production', 'summary', 'coverage'])
const Lifecycle = ofObject('Lifecycle', ['owners', 'dormant', 'expired', 'offboarding', 'trusts', 'coverage'])
const Classification = ofObject('Classification', ['tenants', 'control_drift', 'unmonitored', 'coverage'])
const Cuts = ofObject('Cuts', ['exact', 'cost', 'bound', 'cut', 'flow', 'start_side', 'choke_points'])
const Isolation = ofObject('Isolation', ['verdict', 'flows', 'coverage', 'certificate'])
const WhatIf = ofObject('WhatIf', ['opened', 'closed', 'findings_added', 'findings_resolved', 'undecided'])
const Diff = ofObject('Diff', ['entities', 'relations', 'crossings', 'findings', 'secrets'])

/** An answer whose JSON is a list. */
class ListAnswer extends Answer {
  get length() {
    return this.toJSON().length
  }

  [Symbol.iterator]() {
    return this.toJSON()[Symbol.iterator]()
  }
}

/** The matrix: its JSON is the list of its cells. */
class TenantMatrix extends ListAnswer {
  get cells() {
    return this.toJSON()
  }
}

/** What is shared: its JSON is the list of it. */
class Sharing extends ListAnswer {
  get shared() {
    return this.toJSON()
  }
}

module.exports = {
  BlastRadius,
  Classification,
  Cuts,
  Diff,
  Isolation,
  Json,
  Lifecycle,
  Privilege,
  Reach,
  Rotation,
  Sharing,
  TenantMatrix,
  WhatIf,
  ofObject,
}
