'use strict'

const native = require('../native.js')
const { invalidOption, unwrap } = require('./error.js')

const PROGRESS_EVERY_MS = 50

/**
 * Runs native work off the main thread.
 *
 * The promise settles at once when the signal aborts, with the signal's reason, or when `onProgress` throws, with what it threw; the work
 * then ends at its next look at the watch. Nothing is called after the promise has settled.
 */
async function run(start, { signal, onProgress }) {
  check(signal, onProgress)
  if (signal?.aborted) throw signal.reason
  const watch = new native.Watch()
  let timer
  let stopped
  const stop = new Promise((_, reject) => {
    stopped = (reason) => {
      watch.cancel()
      reject(reason)
    }
  })
  // What is asked to stop after the promise has settled concerns nobody.
  stop.catch(() => {})
  const abort = () => stopped(signal.reason)
  const tell = onProgress && teller(watch, onProgress, stopped)
  try {
    const work = start(watch)
    signal?.addEventListener('abort', abort, { once: true })
    if (tell) timer = setInterval(tell, PROGRESS_EVERY_MS)
    const value = unwrap(await Promise.race([work, stop]))
    clearInterval(timer)
    if (tell) {
      tell()
      // What `onProgress` throws here has rejected `stop` already.
      await Promise.race([stop, undefined])
    }
    return value
  } finally {
    clearInterval(timer)
    signal?.removeEventListener('abort', abort)
  }
}

/** Tells a callback how far the watched work is, whenever that has changed. */
function teller(watch, onProgress, stopped) {
  let last = watch.progress()
  return () => {
    const now = watch.progress()
    if (last.done === now.done && last.total === now.total) return
    last = now
    try {
      // An asynchronous callback may fail later, which must not end the process.
      Promise.resolve(onProgress({ ...now })).catch(stopped)
    } catch (error) {
      stopped(error)
    }
  }
}

function check(signal, onProgress) {
  const isSignal = typeof signal?.aborted === 'boolean' && typeof signal.addEventListener === 'function'
  if (signal !== undefined && !isSignal) throw invalidOption('`signal` is not an `AbortSignal`; give `controller.signal`')
  if (onProgress !== undefined && typeof onProgress !== 'function') throw invalidOption('`onProgress` is not a function')
}

module.exports = { run }
