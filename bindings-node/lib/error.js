'use strict'

/** Anything that goes wrong in the library. Tell errors apart by `code`, never by the message. */
class TenantGraphError extends Error {
  constructor(code, message, place) {
    super(message)
    this.code = code
    if (place !== undefined) this.place = Object.freeze(place)
  }
}
// On the prototype, as for the errors of the language, so that it is not listed among an error's own values.
Object.defineProperty(TenantGraphError.prototype, 'name', { value: 'TenantGraphError', configurable: true, writable: true })

/** The error of a call that is not as described. */
function invalidOption(message) {
  return new TenantGraphError('invalid_option', message)
}

/** The value of a native call, or its failure as an error. */
function unwrap(outcome) {
  if (typeof outcome === 'object' && Object.hasOwn(outcome, 'code')) {
    throw new TenantGraphError(outcome.code, outcome.message, outcome.place)
  }
  return outcome
}

module.exports = { TenantGraphError, invalidOption, unwrap }
