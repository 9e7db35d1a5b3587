'use strict'

const { fileURLToPath } = require('node:url')
const { inspect } = require('node:util')
const native = require('../native.js')
const { invalidOption, unwrap } = require('./error.js')
const { isPlain, known } = require('./plain.js')
const { run } = require('./run.js')

const MADE_HERE = Symbol('made here')

/** What the organisation has decided: limits, environment rules, allowed flows, severities and exceptions. Immutable, and always whole. */
class Policy {
  #texts
  #value

  constructor(maker, texts) {
    if (maker !== MADE_HERE) throw invalidOption('a policy is made by `Policy.read`, `Policy.parse`, `Policy.from` or `Policy.default`')
    this.#texts = texts
  }

  static async read(path, options = {}) {
    known(options, ['signal'])
    if (typeof path !== 'string' && !(path instanceof URL)) throw invalidOption('the path of a policy is text or a URL')
    const file = path instanceof URL ? fileURLToPath(path) : path
    return new Policy(MADE_HERE, await run((watch) => native.readPolicy(file, watch), options))
  }

  static parse(text, format = 'toml') {
    if (typeof text !== 'string') throw invalidOption('a policy is parsed from text')
    if (format !== 'toml' && format !== 'json') throw invalidOption('a policy is written in `toml` or `json`')
    return new Policy(MADE_HERE, unwrap(native.policy(text, format === 'json')))
  }

  static from(document) {
    if (document instanceof Policy) return document
    if (!isPlain(document)) throw invalidOption('a policy is made from an object')
    return Policy.parse(JSON.stringify(document), 'json')
  }

  static default() {
    return Policy.from({})
  }

  static get defaultToml() {
    return native.defaultPolicy()
  }

  toJson() {
    return this.#texts.json
  }

  toToml() {
    return this.#texts.toml
  }

  toJSON() {
    this.#value ??= JSON.parse(this.#texts.json)
    return this.#value
  }

  [inspect.custom](_depth, options, inspect) {
    return `Policy ${inspect(this.toJSON(), options)}`
  }
}

/** What a caller gives as a policy (a path, an object, a policy, or `null` for the default one) as a policy. */
async function policy(value, signal) {
  if (value === undefined) return undefined
  if (value === null) return Policy.default()
  return typeof value === 'string' || value instanceof URL ? Policy.read(value, { signal }) : Policy.from(value)
}

module.exports = { Policy, policy }
