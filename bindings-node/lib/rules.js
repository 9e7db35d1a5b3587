'use strict'

const native = require('../native.js')
const { Json, ofObject } = require('./answers.js')
const { invalidOption, unwrap } = require('./error.js')
const { words } = require('./words.js')

const KEYS = ['id', 'title', 'why', 'fix', 'example', 'severity', 'severity_reason', 'standards', 'items']

/** The page of one rule. */
class RulePage extends ofObject('RulePage', KEYS, Json) {
  #texts

  static of(texts) {
    const page = new RulePage(() => texts.json)
    page.#texts = texts
    return page
  }

  toMarkdown() {
    return this.#texts.markdown
  }

  toText() {
    return this.#texts.text
  }
}

function explain(rule) {
  if (typeof rule !== 'string') throw invalidOption('a rule is named by its id, which is text')
  return RulePage.of(unwrap(native.explain(rule)))
}

function rules() {
  return words.rule.map(explain)
}

module.exports = { RulePage, explain, rules }
