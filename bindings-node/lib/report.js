'use strict'

const { ofObject } = require('./answers.js')
const { invalidOption } = require('./error.js')
const { known } = require('./plain.js')
const { run } = require('./run.js')

const KEYS = ['version', 'as_of', 'estate', 'summary', 'findings', 'metrics', 'coverage', 'reading']
const WIDTH = 100

/** Everything an assessment says. */
class Report extends ofObject('Report', KEYS) {
  #native

  static of(native) {
    const report = new Report(native.answer())
    report.#native = native
    return report
  }

  async toText(options = {}) {
    known(options, ['width', 'signal'])
    const { width = WIDTH } = options
    if (!Number.isSafeInteger(width) || width < 1) throw invalidOption('`width` is not as described; give a whole number above 0')
    return run((watch) => this.#native.text(Math.min(width, 2 ** 31), watch), options)
  }

  async toMarkdown(options = {}) {
    known(options, ['signal'])
    return run((watch) => this.#native.markdown(watch), options)
  }

  async toOpengraph(options = {}) {
    known(options, ['signal'])
    return run((watch) => this.#native.opengraph(watch), options)
  }

  async toSarif(options = {}) {
    known(options, ['signal'])
    return run((watch) => this.#native.sarif(watch), options)
  }
}

module.exports = { Report }
