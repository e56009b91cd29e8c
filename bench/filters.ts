/**
 * Cost of filters, in detail.
 * `node dist/bench/filters.js [--seconds 60] [--rounds 5] [--joins 20000] [--only NAME]... [--json]`
 */

import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { measureFilters } from './filter-costs.ts'
import { figure, table } from './table.ts'

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '5' },
    joins: { type: 'string', default: '20000' },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
  },
})

const TURN_MS = 60

function print(text: string): void {
  if (!flags.json) console.log(text)
}

const [seconds, rounds, joins] = [flags.seconds, flags.rounds, flags.joins].map(Number) as [number, number, number]
print(`Node ${process.version}, ${availableParallelism()} cores, ${seconds} s of music, ${rounds} rounds`)
const plan = { seconds, rounds, joins, turnMs: TURN_MS, only: flags.only }
const costs = await measureFilters(plan, (name, why) => print(`skipped: ${name} (${why})`))

print(
  table(
    ['stream', 'filter', 'chunk', 'B/frame', 'MB/s', 'µs/frame', 'heap B', 'auto', 'parser'],
    costs.speeds.map((one) => [
      one.stream,
      one.filter,
      figure(one.chunkBytes),
      figure(one.bytesPerFrame),
      figure(one.megabytesPerSecond),
      figure(one.usPerFrame, 2),
      figure(one.heapBytesPerFrame),
      figure(one.autoTimes, 2),
      figure(one.parserTimes, 1),
    ]),
  ),
)
print(
  table(
    ['a join', 'filter', 'chunk', 'first µs', 'median µs', 'p99 µs', 'limit µs', 'most B'],
    costs.joins.map((one) => [
      one.stream,
      one.filter,
      figure(one.chunkBytes),
      figure(one.firstUs, 2),
      figure(one.medianUs, 2),
      figure(one.p99Us, 2),
      figure(one.limitUs),
      figure(one.mostBytes),
    ]),
  ),
)
if (flags.json) console.log(JSON.stringify({ seconds, ...costs }, null, 2))
