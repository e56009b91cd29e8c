import type { Logger } from '@logtape/logtape'
import { createWav } from '../../filters/wav/wav.ts'
import type { Config } from '../config/config.ts'
import type { RingMemory } from '../ring/ring-memory.ts'
import { createPublishedStreams, type PublishedStreams } from '../station/published-streams.ts'
import type { Station } from '../station/station.ts'
import { Stream, type StreamOptions } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'

/**
 * Creates the streams that browsers publish: WAV, whatever the other streams are.
 * @param others streams whose paths are in use
 */
export function openPublished(
  others: Station,
  fill: Config['fill'],
  memory: RingMemory,
  clock: Clock,
  log: Logger,
): PublishedStreams {
  return createPublishedStreams(
    others,
    (path, source) => new Stream(path, source, { ...OPTIONS, fill, memory }, clock, log),
    clock,
  )
}

/** The command line's options for frames and buffers apply only to its own streams. */
const OPTIONS: StreamOptions = {
  filterName: 'wav',
  createFilter: createWav,
  filterOptions: { frameBytes: undefined, blockBytes: 1, byteUs: 0, keepTail: false, silentByte: 0, splice: true },
  contentType: undefined,
  headerBytes: 0,
  sourceBuffer: undefined,
  closeIdle: false,
  ownTitles: true,
  fill: 'nothing',
  inTime: false,
  aheadMs: 0,
  supervision: { reopen: true, bytesPerSecond: 0, maxQuietMs: 0, warm: false },
}
