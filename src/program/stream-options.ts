import type { CreateFilter } from '../../filters/frame-filter.ts'
import type { StreamPlan } from '../plan/stream-plan.ts'
import type { RingMemory } from '../ring/ring-memory.ts'
import type { Source } from '../source/source.ts'
import type { StreamOptions } from '../stream/stream.ts'

/** Default lead of a file's listeners, in milliseconds: all of it can be read at once, and its beginning is not late. */
const FILE_AHEAD_MS = 4_000

/**
 * Returns the options of a stream with this plan and source.
 * @param memory shared by the rings of all streams; undefined: the ring has memory of its own
 */
export function streamOptions(
  { ingest, supervision, delivery, titles, ringFrames, rewind, hubPublish }: StreamPlan,
  createFilter: CreateFilter,
  source: Partial<Source>,
  memory?: RingMemory,
): StreamOptions {
  const { reopen, closeIdle, warm, maxQuietMs, bytesPerSecond } = supervision
  const { blockBytes, rate, silentByte } = ingest.samples?.format ?? { blockBytes: 1, rate: 0, silentByte: 0 }
  return {
    filterName: ingest.filter,
    createFilter,
    filterOptions: {
      frameBytes: ingest.frameBytes,
      blockBytes,
      byteUs: rate === 0 ? 0 : 1e6 / (rate * blockBytes),
      keepTail: !reopen || source.once === true,
      silentByte,
      splice: ingest.splice,
    },
    contentType: ingest.contentType,
    headerBytes: ingest.headerBytes,
    sourceBuffer: ringFrames,
    memory,
    rewind,
    closeIdle,
    ownTitles: titles.file === undefined,
    fill: ingest.fill,
    marksEpochs: hubPublish !== undefined,
    // A file with a bandwidth limit has a pace of its own.
    inTime: source.paced === true && ingest.pace && bytesPerSecond === 0,
    maxLeadMs: source.maxLeadMs,
    mayPause: source.mayPause,
    aheadMs: delivery.burstMs ?? FILE_AHEAD_MS,
    supervision: { reopen, bytesPerSecond, maxQuietMs, warm },
  }
}
