/** Cost of filters: how fast each cuts the output of encoders, beside codec-parser, and how long a join takes. */

import { FILTERS } from '../filters/table.ts'
import { type EncodedStream, encodedStreams } from './encoded-streams.ts'
import { allocatedPerFrame, chunksOf, type Framer, filterFramer, parserFramer, timeFramer } from './filter-speed.ts'
import { type JoinCost, joinCost } from './join-cost.ts'
import { median } from './statistics.ts'

export interface FilterPlan {
  /** Duration of the music that is cut, in seconds. */
  readonly seconds: number
  readonly rounds: number
  /** CPU time of each framer in a round. */
  readonly turnMs: number
  readonly joins: number
  /** Only streams with these names. */
  readonly only?: readonly string[] | undefined
}

/** A stream in chunks of one size. */
interface Subject {
  readonly stream: string
  readonly filter: string
  readonly chunkBytes: number
}

/** Medians of the rounds. The CPU time of the filter `auto` and of codec-parser is relative: the median of the ratios. */
interface FilterSpeed extends Subject {
  readonly bytesPerFrame: number
  readonly megabytesPerSecond: number
  readonly usPerFrame: number
  readonly heapBytesPerFrame: number
  readonly autoTimes: number
  readonly parserTimes: number
}

interface FilterJoin extends Subject, Partial<JoinCost> {
  readonly limitUs: number
}

export interface FilterCosts {
  readonly speeds: readonly FilterSpeed[]
  readonly joins: readonly FilterJoin[]
}

/** Sizes of chunks from a pipe: one write of a program, and the maximum of one read. */
const CHUNK_BYTES = [4096, 65_536]
/** Maximum time that a join should take, in microseconds. */
const JOIN_LIMIT_US = 5

/** Names of the three framers that are measured. */
const FRAMERS = ['filter', 'auto', 'parser'] as const

/** A stream in chunks of one size, and its measurements. */
interface Case {
  readonly stream: EncodedStream
  readonly chunkBytes: number
  readonly chunks: readonly Buffer[]
  readonly framers: Framers
  /** One value a round for each framer: microseconds for the whole stream. */
  readonly us: Readonly<Record<keyof Framers, number[]>>
}

interface Framers {
  readonly filter: Framer
  readonly auto: Framer
  readonly parser: Framer | undefined
}

/** @param missed receives the name of each stream that cannot be made here, and the reason. */
export async function measureFilters(
  plan: FilterPlan,
  missed: (name: string, why: string) => void,
): Promise<FilterCosts> {
  const streams = encodedStreams(plan.seconds, missed).filter(({ name }) => plan.only?.includes(name) ?? true)
  const cases = casesOf(streams)
  cutAll(cases, plan)
  const speeds: FilterSpeed[] = []
  for (const one of cases) speeds.push(await speedOf(one))
  return { speeds, joins: cases.map((one) => joinsOf(one, plan.joins)) }
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
  const create = FILTERS.get(filter)
  if (create === undefined) throw new Error(`no filter ${filter}`)
  return create
}

/** Alternates the order, so that effects of warming up or of time favour none of the framers. */
function cutAll(cases: readonly Case[], { rounds, turnMs }: FilterPlan): void {
  for (let round = 1; round <= rounds; round++) {
    for (const one of round % 2 ? cases : cases.toReversed()) {
      for (const name of round % 2 ? FRAMERS : FRAMERS.toReversed()) {
        const framer = one.framers[name]
        if (framer === undefined) continue
        one.us[name].push(timeFramer(framer, one.chunks, turnMs))
      }
    }
  }
}

async function speedOf({ stream, chunkBytes, chunks, framers, us }: Case): Promise<FilterSpeed> {
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

function joinsOf({ stream, chunkBytes, chunks }: Case, joins: number): FilterJoin {
  const cost = joinCost(creatorOf(stream.filter), chunks, joins)
  return { stream: stream.name, filter: stream.filter, chunkBytes, ...cost, limitUs: JOIN_LIMIT_US }
}
