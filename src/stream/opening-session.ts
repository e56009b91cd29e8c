import type { Logger } from '@logtape/logtape'
import type { CreateFilter, Emit, FilterOptions } from '../../filters/frame-filter.ts'
import { GuardedFilter } from '../../filters/guarded-filter.ts'
import { ELASTIC_SIZE, type Ring } from '../ring/ring.ts'
import type { Clock } from '../system/clock.ts'
import type { Emitter } from '../system/emitter.ts'
import { type CheckedFilter, createCheckedFilter } from './checked-filter.ts'
import { createHeaderCutter } from './header-cutter.ts'
import { createRateMeter } from './rate-meter.ts'
import type { StreamEvent } from './stream-event.ts'

/** Filter and header options of an opening. */
export interface OpeningOptions {
  /** The filter's name or file, for messages. */
  readonly filterName: string
  readonly createFilter: CreateFilter
  readonly filterOptions: FilterOptions
  /** Size of the header that begins each opening of the source and goes first to every listener, in bytes. */
  readonly headerBytes: number
}

/** One opening of a stream's source: its header is removed, and the rest goes through a filter of its own. */
export interface Opening {
  readonly checked: CheckedFilter
  /** The header; undefined until it is complete. */
  readonly header: Buffer | undefined
  /** Takes a chunk. @throws the errors of third-party filters */
  take(chunk: Buffer): void
  /** Time since it began, in seconds. */
  age(): number
}

/** @param settled called when the filter has decided on a format without a further chunk. */
export function beginOpening(
  options: OpeningOptions,
  ring: Ring,
  emit: Emit,
  settled: () => void,
  events: Emitter<StreamEvent>,
  clock: Clock,
  log: Logger,
): Opening {
  const beganAt = clock.now()
  const cutter = createHeaderCutter(options.headerBytes)
  const meter = createRateMeter(clock)
  const checked = createCheckedFilter(makeFilter(options, ring), emit, settled, events, clock, log)
  return {
    checked,
    get header() {
      return cutter.header
    },
    take(chunk) {
      keepEnough(ring, meter.add(chunk.length))
      const bytes = cutter.cut(chunk)
      if (bytes.length > 0) checked.push(bytes)
    },
    age: () => (clock.now() - beganAt) / 1000,
  }
}

/**
 * Makes a filter whose failures end one opening at most.
 * @param ring the frames of earlier openings; undefined: there are none.
 * @throws FilterLoadError when a user's filter cannot be created
 */
export function makeFilter({ filterName, createFilter, filterOptions }: OpeningOptions, ring?: Ring): GuardedFilter {
  return new GuardedFilter(filterName, createFilter(ring === undefined ? filterOptions : { ...filterOptions, ring }))
}

/** Sets the ring's size to 10 s of bytes by the rate of the source, where frames have no known duration. */
function keepEnough(ring: Ring, bytesPerSecond: number | undefined): void {
  if (bytesPerSecond === undefined || ring.us > 0) return
  ring.keepBytes(Math.max(ELASTIC_SIZE.bytes, (bytesPerSecond * ELASTIC_SIZE.us) / 1e6))
}
