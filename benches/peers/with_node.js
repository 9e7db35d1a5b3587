'use strict'

// The Node package: the questions of `benches/src/calls.rs`, of the snapshots that the library wrote. `with_node.js FOLDER REPEATS SECONDS ITEM…`, as every peer.

const { join } = require('node:path')
const { read } = require('../../bindings-node')

const AS_OF = '2026-05-01'
const rows = async (answer, name) => (await answer.table(name)).length

/** What each item reads, asks and counts. */
const ITEMS = {
  reach_call: {
    file: 'estate.snapshot',
    ask: (estate) => estate.reach(),
    count: async (it) => [await rows(it, 'reached'), await rows(it, 'crossings')],
  },
  matrix_call: { file: 'estate.snapshot', ask: (estate) => estate.tenantMatrix(), count: async (it) => [await rows(it, 'cells')] },
  blast_radius_call: {
    file: 'estate.snapshot',
    lost: async (estate) => [...(await estate.table('secrets')).column('id')],
    ask: (estate, lost) => estate.blastRadius(lost),
    count: async (it) => [await rows(it, 'entities'), await rows(it, 'rotate')],
  },
  rotation_call: { file: 'secrets.snapshot', ask: (estate) => estate.rotation(), count: async (it) => [await rows(it, 'secrets')] },
  reach_columns: {
    file: 'estate.snapshot',
    ask: async (estate) => {
      const answer = await estate.reach()
      return { answer, table: await answer.table('reached') }
    },
    count: async ({ answer, table }) => [await rows(answer, 'reached'), await rows(answer, 'crossings'), table.length],
  },
  rotation_columns: {
    file: 'secrets.snapshot',
    ask: async (estate) => {
      const answer = await estate.rotation()
      return { answer, table: await answer.table('secrets') }
    },
    count: async ({ answer, table }) => [await rows(answer, 'secrets'), table.length],
  },
}

async function main([folder, repeats, limit, ...items]) {
  for (const item of items) {
    const { file, lost, ask, count } = ITEMS[item]
    const estate = await read(join(folder, file), { asOf: AS_OF })
    const given = await lost?.(estate)
    await measure(item, () => ask(estate, given), count, Number(repeats), Number(limit))
  }
}

async function measure(item, run, count, repeats, limit) {
  console.log(JSON.stringify({ begins: item }))
  const [seconds, processor, sums] = [[], [], []]
  const began = performance.now()
  while (seconds.length < repeats && (seconds.length === 0 || performance.now() - began < limit * 1000)) {
    const [wall, used] = [performance.now(), process.cpuUsage()]
    const answer = await run()
    seconds.push((performance.now() - wall) / 1000)
    const { user, system } = process.cpuUsage(used)
    processor.push((user + system) / 1e6)
    sums.push(await count(answer))
  }
  const same = sums.every((sum) => JSON.stringify(sum) === JSON.stringify(sums[0]))
  console.log(JSON.stringify({ item, seconds, processor, checksum: same ? sums[0] : null }))
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error)
  process.exitCode = 1
})
