'use strict'

const assert = require('node:assert/strict')
const { getEventListeners } = require('node:events')
const { before, test } = require('node:test')
const { setTimeout: sleep } = require('node:timers/promises')
const { read } = require('..')
const { AS_OF, acme, chain } = require('./acme.js')

let large
let text

before(async () => {
  text = Buffer.from(JSON.stringify(chain(100_000)))
  large = await read(text, { asOf: AS_OF })
})

test('a signal that is aborted already stops the call before it starts', async () => {
  const reason = new Error('not today')
  await assert.rejects(read(acme(), { signal: AbortSignal.abort(reason) }), (error) => error === reason)
  await assert.rejects(large.reach({ signal: AbortSignal.abort() }), { name: 'AbortError' })
})

test('a signal stops work that is under way, and its reason is kept', async () => {
  for (const reason of [new TypeError('changed my mind'), 'text', null]) {
    const controller = new AbortController()
    const started = performance.now()
    setTimeout(() => controller.abort(reason), 30)
    await assert.rejects(read(text, { signal: controller.signal }), (error) => error === reason)
    assert.ok(performance.now() - started < 1_000)
  }
})

test('a time limit stops work that is under way', async () => {
  await assert.rejects(read(text, { signal: AbortSignal.timeout(20) }), { name: 'TimeoutError' })
})

test('a signal is shared, kept as it was, and left without listeners', async () => {
  const controller = new AbortController()
  const { signal } = controller
  let aborted = 0
  signal.onabort = () => aborted++
  const before = getEventListeners(signal, 'abort').length
  await read(acme(), { signal })
  assert.equal(getEventListeners(signal, 'abort').length, before)
  const both = [read(text, { signal }), large.reach({ signal })]
  controller.abort()
  for (const outcome of await Promise.allSettled(both)) assert.equal(outcome.reason?.name, 'AbortError')
  assert.equal(aborted, 1)
  assert.equal(getEventListeners(signal, 'abort').length, before)
})

test('a signal that is aborted afterwards changes nothing', async () => {
  const controller = new AbortController()
  const estate = await read(acme(), { signal: controller.signal, asOf: AS_OF })
  controller.abort()
  assert.equal((await estate.reach()).reached.length, 4)
})

test('progress is told as it is made, up to the end, and not later', async () => {
  const seen = []
  const estate = await read(text, { onProgress: (progress) => seen.push(progress) })
  assert.equal(estate.length, 100_000)
  const told = seen.length
  assert.ok(told > 2, `${told} calls`)
  // Reading and joining are half of the steps each.
  const all = 2 * text.length
  assert.deepEqual(seen.at(-1), { done: all, total: all })
  for (const { done, total } of seen) assert.ok(done <= total && total === all)
  await sleep(120)
  assert.equal(seen.length, told)
})

test('what the progress callback throws rejects the call and stops the work', async () => {
  const thrown = new RangeError('mine')
  await assert.rejects(read(text, { onProgress: () => { throw thrown } }), (error) => error === thrown)
  await assert.rejects(read(text, { onProgress: async () => { throw thrown } }), (error) => error === thrown)
  // So does what the last call throws, when the work is done.
  await assert.rejects(read(acme(), { onProgress: () => { throw thrown } }), (error) => error === thrown)
})

test('a progress callback that fails after the end harms nobody', async () => {
  let fail
  const late = new Promise((_, reject) => (fail = reject))
  await read(acme(), { onProgress: () => late })
  fail(new Error('too late'))
  await sleep(20)
})

test('the main thread stays free', async () => {
  let ticks = 0
  const timer = setInterval(() => ticks++, 5)
  await read(text)
  clearInterval(timer)
  assert.ok(ticks > 5, `${ticks} ticks`)
})
