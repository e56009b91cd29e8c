/**
 * What filters cost: how fast each cuts what encoders make, beside codec-parser, and what a join takes.
 * `node dist/bench/filters.js [--seconds 60] [--rounds 5] [--joins 20000] [--only NAME]... [--json]`
 */

import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { FILTERS } from '../filters/table.ts'
import { type EncodedStream, encodedStreams } from './encoded-streams.ts'
import { allocatedPerFrame, chunksOf, type Framer, filterFramer, parserFramer, timeFramer } from './filter-speed.ts'
import { joinCost } from './join-cost.ts'
import { median } from './statistics.ts'

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '5' },
    joins: { type: 'string', default: '20000' },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
  },
})

/** How a pipe gives its bytes: what a program writes at once, and the most that is read at once. */
const CHUNK_BYTES = [4096, 65_536]
/** Each framer has so much CPU time in a round, in milliseconds. */
const TURN_MS = 60
/** A join should take no longer, in microseconds. */
const JOIN_LIMIT_US = 5

/** The names under which the three who cut a stream are measured. */
const FRAMERS = ['filter', 'auto', 'parser'] as const

/** A stream in chunks of one size, and what was measured of it. */
interface Case {
  readonly stream: EncodedStream
  readonly chunkBytes: number
  readonly chunks: readonly Buffer[]
  readonly framers: Framers
  /** By framer, a figure a round: microseconds for the whole stream. */
  readonly us: Readonly<Record<keyof Framers, number[]>>
}

interface Framers {
  readonly filter: Framer
  readonly auto: Framer
  readonly parser: Framer | undefined
}

function casesOf(streams: readonly EncodedStream[]): Case[] {
  return streams.flatMap((stream) =>
    CHUNK_BYTES.map((chunkBytes) => ({
      stream,
      chunkBytes,
      chunks: chunksOf(stream.bytes, chunkBytes),
      framers: {
        filter: filterFramer(creatorOf(stream.filter)),
        auto: filterFramer(creatorOf('auto')),
        parser: stream.parser && parserFramer(stream.parser),
      },
      us: { filter: [], auto: [], parser: [] },
    })),
  )
}

function creatorOf(filter: string) {
  const entry = FILTERS.get(filter)
  if (entry === undefined) throw new Error(`no filter ${filter}`)
  return entry.create
}

/** The order alternates, so that what warms up or wears off during the run favours none. */
function measureAll(cases: readonly Case[]): void {
  for (let round = 1; round <= Number(flags.rounds); round++) {
    for (const one of round % 2 ? cases : cases.toReversed()) {
      for (const name of round % 2 ? FRAMERS : FRAMERS.toReversed()) {
        const framer = one.framers[name]
        if (framer === undefined) continue
        one.us[name].push(timeFramer(framer, one.chunks, TURN_MS))
      }
    }
  }
}

/** Medians of the rounds; ratios are those within a round. */
async function speedOf({ stream, chunkBytes, chunks, framers, us }: Case) {
  const frames = framers.filter(chunks)
  const medianUs = median(us.filter)
  return {
    stream: stream.name,
    filter: stream.filter,
    chunkBytes,
    bytesPerFrame: stream.bytes.length / frames,
    megabytesPerSecond: stream.bytes.length / medianUs,
    usPerFrame: medianUs / frames,
    heapBytesPerFrame: await allocatedPerFrame(framers.filter, chunks),
    autoTimes: median(us.auto.map((value, round) => value / (us.filter[round] ?? Number.NaN))),
    parserTimes: median(us.parser.map((value, round) => value / (us.filter[round] ?? Number.NaN))),
  }
}

function joinsOf({ stream, chunkBytes, chunks }: Case) {
  const cost = joinCost(creatorOf(stream.filter), chunks, Number(flags.joins))
  return { stream: stream.name, filter: stream.filter, chunkBytes, ...cost, limitUs: JOIN_LIMIT_US }
}

function line(title: string, cells: readonly string[]): string {
  return title.padEnd(24) + cells.map((cell) => cell.padStart(10)).join('')
}

function number(value: number | undefined, digits = 0): string {
  return value === undefined || Number.isNaN(value) ? '-' : value.toFixed(digits)
}

function say(text: string): void {
  if (!flags.json) console.log(text)
}

say(`Node ${process.version}, ${availableParallelism()} cores, ${flags.seconds} s of music, ${flags.rounds} rounds`)
const streams = encodedStreams(Number(flags.seconds), (name, why) => say(`left out: ${name} (${why})`))
const cases = casesOf(streams.filter(({ name }) => flags.only?.includes(name) ?? true))
measureAll(cases)

say(`\n${line('', ['filter', 'chunk', 'B/frame', 'MB/s', 'µs/frame', 'heap B', 'auto', 'parser'])}`)
const speeds = []
for (const one of cases) {
  const speed = await speedOf(one)
  speeds.push(speed)
  const { bytesPerFrame, megabytesPerSecond, usPerFrame, heapBytesPerFrame, autoTimes, parserTimes } = speed
  const costs = [number(bytesPerFrame), number(megabytesPerSecond), number(usPerFrame, 2), number(heapBytesPerFrame)]
  say(line(speed.stream, [speed.filter, `${speed.chunkBytes}`, ...costs, number(autoTimes, 2), number(parserTimes, 1)]))
}

say(`\n${line('a join', ['filter', 'chunk', 'first µs', 'median µs', 'p99 µs', 'limit µs', 'most B'])}`)
const joins = cases.map((one) => joinsOf(one))
for (const { stream, filter, chunkBytes, firstUs, medianUs, p99Us, mostBytes } of joins) {
  const times = [number(firstUs, 2), number(medianUs, 2), number(p99Us, 2), number(JOIN_LIMIT_US)]
  say(line(stream, [filter, `${chunkBytes}`, ...times, number(mostBytes)]))
}
if (flags.json) console.log(JSON.stringify({ seconds: Number(flags.seconds), speeds, joins }, null, 2))
