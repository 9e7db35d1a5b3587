'use strict'

const { inspect } = require('node:util')
const native = require('../native.js')
const {
  BlastRadius,
  Classification,
  Cuts,
  Diff,
  Isolation,
  Lifecycle,
  Privilege,
  Reach,
  Rotation,
  Sharing,
  TenantMatrix,
  WhatIf,
} = require('./answers.js')
const { invalidOption, unwrap } = require('./error.js')
const { DOCUMENT_FORMAT, key, mapping, sources } = require('./inputs.js')
const { bytes, instant, question } = require('./options.js')
const { isPlain, known } = require('./plain.js')
const { policy } = require('./policy.js')
const { Report } = require('./report.js')
const { run } = require('./run.js')
const { tableOf } = require('./tabular.js')

const MADE_BY_READ = Symbol('made by read')

/** Reads inputs of any mix of formats into one estate. */
async function read(inputs, options = {}) {
  known(options, ['labels', 'mapping', 'fingerprintKey', 'asOf', 'policy', 'memoryLimit', 'unpackedLimit', 'signal', 'onProgress'])
  const found = sources(inputs, 'input')
  if (found.length === 0) throw invalidOption('there is no input; give at least one')
  const labels = sources(options.labels, 'labels')
  const mappings = mapping(options.mapping)
  const fingerprintKey = key(options.fingerprintKey)
  const asOf = instant(options.asOf)
  const limit = bytes(options, 'memoryLimit')
  const unpackedLimit = bytes(options, 'unpackedLimit')
  const decided = await policy(options.policy, options.signal)
  const estate = await run((watch) => native.read(found, labels, fingerprintKey, limit, unpackedLimit, mappings, watch), options)
  return new Estate(MADE_BY_READ, estate, asOf, decided, limit)
}

/** Everything that was read: tenants, identities, secrets, resources and the relations between them. Immutable. */
class Estate {
  #native
  #asOf
  #policy
  #memoryLimit
  #reading

  constructor(maker, estate, asOf, policy, memoryLimit) {
    if (maker !== MADE_BY_READ) throw invalidOption('an estate is made by `read` or `Estate.fromDocument`')
    this.#native = estate
    this.#asOf = asOf
    this.#policy = policy
    this.#memoryLimit = memoryLimit
  }

  static async fromDocument(document, options = {}) {
    const content = typeof document === 'string' || document instanceof Uint8Array || isPlain(document)
    if (!content) throw invalidOption('a document is an object, text or bytes')
    return read([{ name: 'document', content: document, format: DOCUMENT_FORMAT }], options)
  }

  get length() {
    return this.#native.length
  }

  get reading() {
    this.#reading ??= JSON.parse(unwrap(this.#native.reading()))
    return this.#reading
  }

  get asOf() {
    return this.#asOf
  }

  get policy() {
    return this.#policy
  }

  get memoryLimit() {
    return this.#memoryLimit
  }

  async toJson(options = {}) {
    known(options, ['signal', 'onProgress'])
    return run((watch) => this.#native.document(watch), options)
  }

  get tables() {
    return this.#native.tables()
  }

  async table(name, options = {}) {
    return tableOf(this.#native, name, options)
  }

  async toParquet(options = {}) {
    known(options, ['signal'])
    return run((watch) => this.#native.parquet(watch), options)
  }

  async toOpengraph(options = {}) {
    known(options, ['signal'])
    return run((watch) => this.#native.opengraph(watch), options)
  }

  async toIpc(options = {}) {
    known(options, ['stream', 'signal'])
    const { stream = false } = options
    if (typeof stream !== 'boolean') throw invalidOption('`stream` is not a boolean')
    return run((watch) => this.#native.ipc(stream, watch), options)
  }

  async toDocument(options = {}) {
    return JSON.parse(await this.toJson(options))
  }

  async reach(options = {}) {
    return new Reach(await this.#ask('reach', options))
  }

  async tenantMatrix(options = {}) {
    return new TenantMatrix(await this.#ask('matrix', options))
  }

  async blastRadius(lost, options = {}) {
    const ids = Array.isArray(lost) ? lost : [lost]
    if (!ids.every((id) => typeof id === 'string')) throw invalidOption('what was lost is given as an id or a list of ids')
    return new BlastRadius(await this.#ask('blast-radius', options, { lost: ids }))
  }

  async rotation(options = {}) {
    return new Rotation(await this.#ask('rotation', options))
  }

  async sharing(options = {}) {
    return new Sharing(await this.#ask('sharing', options))
  }

  async privilege(options = {}) {
    return new Privilege(await this.#ask('privilege', options))
  }

  async lifecycle(options = {}) {
    return new Lifecycle(await this.#ask('lifecycle', options))
  }

  async classification(options = {}) {
    return new Classification(await this.#ask('classification', options))
  }

  async cuts(options = {}) {
    return new Cuts(await this.#ask('cuts', options))
  }

  async isolation(options = {}) {
    return new Isolation(await this.#ask('isolation', options))
  }

  async whatIf({ before, ...options } = {}) {
    return new WhatIf(await (before === undefined ? this.#ask('what-if', options) : this.#askSince(before, 'what-if', options)))
  }

  async diff(before, options = {}) {
    return new Diff(await this.#askSince(before, 'diff', options))
  }

  async #askSince(before, name, options) {
    if (!(before instanceof Estate)) throw invalidOption('the earlier estate is an `Estate`; read it first')
    const told = JSON.stringify(await question(name, options, this))
    return run((watch) => this.#native.askSince(before.#native, name, told, watch), options)
  }

  async verify(certificate, options = {}) {
    known(options, ['policy', 'signal', 'onProgress'])
    const proof = certificateText(certificate)
    const decided = (await policy(options.policy, options.signal)) ?? this.#policy
    await run((watch) => this.#native.verify(proof, decided?.toJson(), watch), options)
  }

  async assess(options = {}) {
    const told = JSON.stringify(await question('assess', options, this))
    return Report.of(await run((watch) => this.#native.assess(told, watch), options))
  }

  [inspect.custom](_depth, options, inspect) {
    return `Estate ${inspect({ length: this.length, asOf: this.asOf }, options)}`
  }

  async #ask(name, options, also = {}) {
    const told = JSON.stringify({ ...(await question(name, options, this)), ...also })
    return run((watch) => this.#native.ask(name, told, watch), options)
  }
}

/** A certificate, or an answer that holds one, as JSON. */
function certificateText(certificate) {
  if (typeof certificate === 'string') return certificate
  if (!isPlain(certificate)) throw invalidOption('a certificate is an answer of `isolation`, an object, or JSON')
  return JSON.stringify(certificate)
}

module.exports = { Estate, read }
