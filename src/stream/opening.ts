import type { Logger } from '@logtape/logtape'
import type { CreateFilter, Emit, FilterOptions } from '../../filters/frame-filter.ts'
import { GuardedFilter } from '../../filters/guarded-filter.ts'
import { ELASTIC_SIZE, type Ring } from '../ring/ring.ts'
import type { Clock } from '../system/clock.ts'
import { createHeaderCutter } from './header-cutter.ts'
import { createRateMeter } from './rate-meter.ts'
import { createSieve, type Sieve } from './sieve.ts'

/** How an opening is taken in. */
export interface OpeningOptions {
  /** The filter's name or file, for messages. */
  readonly filterName: string
  readonly createFilter: CreateFilter
  readonly filterOptions: FilterOptions
  /** So many bytes at each opening of the source go first to every listener. */
  readonly headerBytes: number
}

/** One opening of a stream's source: its header is cut off, and the rest goes through a filter of its own. */
export interface Opening {
  readonly sieve: Sieve
  /** The header, once all of it has come. */
  readonly header: Buffer | undefined
  /** Takes a chunk. @throws what a filter throws that was made by somebody else */
  take(chunk: Buffer): void
  /** How long ago it began, in seconds. */
  age(): number
}

/** @param settled called when the filter has decided on something without a chunk. */
export function beginOpening(
  options: OpeningOptions,
  ring: Ring,
  emit: Emit,
  settled: () => void,
  clock: Clock,
  log: Logger,
): Opening {
  const beganAt = clock.now()
  const cutter = createHeaderCutter(options.headerBytes)
  const meter = createRateMeter(clock)
  const sieve = createSieve(makeFilter(options, ring), emit, settled, clock, log)
  return {
    sieve,
    get header() {
      return cutter.header
    },
    take(chunk) {
      keepEnough(ring, meter.add(chunk.length))
      const bytes = cutter.cut(chunk)
      if (bytes.length > 0) sieve.push(bytes)
    },
    age: () => (clock.now() - beganAt) / 1000,
  }
}

/**
 * Makes a filter whose failures end one opening at most.
 * @param ring the frames of the openings before; undefined: there are none.
 * @throws FilterLoadError when a filter of the user's cannot be made
 */
export function makeFilter({ filterName, createFilter, filterOptions }: OpeningOptions, ring?: Ring): GuardedFilter {
  return new GuardedFilter(filterName, createFilter(ring === undefined ? filterOptions : { ...filterOptions, ring }))
}

/** Where frames do not say how long they last, the rate of the source says how many bytes 10 s are. */
function keepEnough(ring: Ring, bytesPerSecond: number | undefined): void {
  if (bytesPerSecond === undefined || ring.us > 0) return
  ring.keepBytes(Math.max(ELASTIC_SIZE.bytes, (bytesPerSecond * ELASTIC_SIZE.us) / 1e6))
}
