/**
 * Cost of figures: the time that a scrape of many streams takes from the event loop, and the CPU time of the level of samples.
 * `node dist/bench/metrics.js [--streams 100] [--listeners 10000] [--scrapes 20] [--sound 60]`
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { atMost } from './aims.ts'
import { exitOnSignals } from './child.ts'
import { startFed } from './fed-streams.ts'
import { LEVEL_FORMATS, levelCost } from './level-cost.ts'
import { startLoad } from './load.ts'
import { median } from './statistics.ts'
import { figure, table } from './table.ts'
import { aimTable } from './tables.ts'

const { values: flags } = parseArgs({
  options: {
    streams: { type: 'string', default: '100' },
    listeners: { type: 'string', default: '10000' },
    scrapes: { type: 'string', default: '20' },
    sound: { type: 'string', default: '60' },
  },
})
/** Time in which all listeners are at rest, in milliseconds. */
const SETTLE_MS = 4000
/** Time between two scrapes, in milliseconds. */
const PAUSE_MS = 500
const ACCEPT = 'application/openmetrics-text;version=1.0.0'

/** Times of scrapes, in milliseconds, each from the one after it; and the size of the last one, in bytes. */
interface Scrapes {
  readonly ms: readonly number[]
  readonly bytes: number
}

async function measureScrapes(streams: number, listeners: number, scrapes: number): Promise<Scrapes> {
  const server = await startFed(streams, 'in-turns')
  const load = await startLoad(server, 'frames')
  const ms: number[] = []
  let bytes = 0
  try {
    await load.open(listeners)
    await sleep(SETTLE_MS)
    for (let i = 0; i <= scrapes; i++) {
      const response = await fetch(`http://127.0.0.1:${server.port}/metrics`, { headers: { Accept: ACCEPT } })
      const body = await response.text()
      bytes = body.length
      const [, seconds] = /^streamserve_last_scrape_seconds (\S+)$/m.exec(body) ?? []
      if (seconds !== undefined) ms.push(Number(seconds) * 1000)
      await sleep(PAUSE_MS)
    }
    return { ms, bytes }
  } finally {
    await load.stop()
    await server.process.stop()
  }
}

exitOnSignals()
const { ms, bytes } = await measureScrapes(Number(flags.streams), Number(flags.listeners), Number(flags.scrapes))
const [first = Number.NaN] = ms
console.log(
  table(
    ['scrape', 'first ms', 'median ms', 'longest ms', 'kB'],
    [
      [
        `${flags.streams} streams, ${flags.listeners} listeners`,
        figure(first, 1),
        figure(median(ms), 1),
        figure(Math.max(...ms), 1),
        figure(bytes / 1000),
      ],
    ],
  ),
)
const costs = LEVEL_FORMATS.map((format) => [format, levelCost(format, Number(flags.sound))] as const)
console.log(
  table(
    ['level of', '% of a core'],
    costs.map(([format, share]) => [format, figure(share * 100, 2)]),
  ),
)
console.log(
  aimTable([
    atMost('a scrape, of the event loop', median(ms), 20, 'ms'),
    atMost('level of CD sound, of a core', (costs[0]?.[1] ?? Number.NaN) * 100, 1, '%'),
  ]),
)
