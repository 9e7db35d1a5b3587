'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { matches, play, scenarios } = require('./corpus.js')

test('there is a corpus, and its names are unique', () => {
  const names = scenarios().map(({ scenario }) => scenario.name)
  assert.ok(names.length > 0)
  assert.equal(new Set(names).size, names.length)
})

for (const { file, scenario } of scenarios()) {
  test(`${file}: ${scenario.name}`, () => play(scenario))
}

test('an expected object names what is looked at, an expected list all of it', () => {
  const found = { a: [{ b: 1, c: null }], d: 2 }
  for (const expected of [{}, { a: [{ b: 1 }] }, { a: [{ c: null }], d: 2 }]) matches(expected, found, '')
  for (const expected of [{ a: [] }, { a: [{ b: 2 }] }, { e: null }, [], { a: { 0: {} } }, { d: '2' }, null]) {
    assert.throws(() => matches(expected, found, ''), { name: 'AssertionError' })
  }
})

test('a list may be asked what it contains', () => {
  const found = [{ a: 1 }, { a: 2, b: 3 }]
  for (const expected of [[{ a: 2 }], [{ b: 3 }, { a: 1 }]]) matches({ contains: expected }, found, '')
  for (const expected of [[{ a: 3 }], [{ a: 1 }, { a: 1, b: 3 }], [], { a: 1 }]) {
    assert.throws(() => matches({ contains: expected }, found, ''), { name: 'AssertionError' })
  }
})

test('a misspelt expectation does not pass', async () => {
  const scenario = { name: 'x', about: 'x', inputs: [{ name: 'x', content: { format: 'tenantgraph/1' } }] }
  await play(scenario)
  await assert.rejects(play({ ...scenario, expekt_reading: {} }), { name: 'AssertionError' })
  const matrix = { question: 'matrix', options: { as_of: '2026-05-01' } }
  await assert.rejects(play({ ...scenario, ask: [matrix] }), { name: 'AssertionError' })
  await assert.rejects(play({ ...scenario, ask: [{ ...matrix, expect: [{}] }] }), { name: 'AssertionError' })
})
