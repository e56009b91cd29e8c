import type { CreateFilter } from '../../filters/frame-filter.ts'
import { loadFilter } from '../../filters/load-filter.ts'
import type { AccessPlan, FallbackPlan, StreamPlan } from '../plan/stream-plan.ts'
import { FallbackSource } from '../source/derived/fallback.ts'
import type { Side } from '../source/derived/side.ts'
import { type Source, SourceError } from '../source/source.ts'
import { examineFile } from '../stream/examine-file.ts'
import { logEvents } from '../stream/log-events.ts'
import { Stream } from '../stream/stream.ts'
import type { StreamParts } from './open-entry.ts'
import { streamOptions } from './stream-options.ts'

/** Parts that streams with fallbacks use. */
export type FallbackParts = Pick<
  StreamParts,
  'memory' | 'clock' | 'log' | 'inner' | 'events' | 'counters' | 'recordings' | 'hub'
>

const NO_FALLBACK: FallbackPlan = { paths: [], afterMs: 0 }
/** Only the switch listens. */
const FOR_ALL: AccessPlan = {
  usersFile: undefined,
  url: undefined,
  key: undefined,
  maxListeners: 0,
  whenFull: undefined,
  maxPerAddress: 0,
  maxPerUser: 0,
}
const NO_HOOKS: StreamPlan['hooks'] = {}

/**
 * Creates a stream that has fallbacks. A hidden stream reads its source; what listeners get are the frames of that stream or of a
 * fallback:
 *
 * ```
 *   source    -> inner stream    -.
 *   /other    -> its own stream  --> switch -> filter -> ring -> listeners
 *   a folder  -> hidden stream   -'
 * ```
 */
export function createWithFallback(
  plan: StreamPlan,
  createFilter: CreateFilter,
  source: Source,
  parts: FallbackParts,
): Stream {
  const { memory, clock, log, inner: listeners, counters } = parts
  const { paths: others, afterMs } = plan.fallback
  const innerPlan = innerPlanOf(plan)
  const innerOptions = { ...streamOptions(innerPlan, createFilter, source, memory), isInner: true, refusesRaw: true }
  const inner = new Stream(innerPlan, source, innerOptions, clock, log)
  const files = new FileSides(plan, parts)
  const find = async (name: string) => {
    const stream = name.startsWith('/') ? await listeners.find(name) : undefined
    // A fallback of a wildcard is a stream below it, too.
    if (stream === outer) throw new SourceError('a stream cannot replace itself')
    return stream === undefined ? files.find(name) : listeners.sideOf(stream, 'stream')
  }
  const switched = new FallbackSource(
    {
      sides: { own: listeners.sideOf(inner, 'stream'), others, find },
      afterMs,
      path: plan.path,
      described: (about) => outer.described(about),
      heard: (isFallback) => outer.counters.fallback[isFallback ? 'begin' : 'end'](clock.now()),
      closed: (reason) => inner.stop(reason),
    },
    clock,
    log.with({ stream: plan.path }),
  )
  const options = {
    ...streamOptions(outerPlanOf(plan), createFilter, switched, memory),
    counters: counters.of(plan.path),
  }
  const fallback = { source: switched, inner }
  const outer = new Stream(
    plan,
    source,
    { ...options, fallback, isReported: true, refusesRaw: true, goesOn: () => switched.goesOn },
    clock,
    log,
  )
  void outer.finished.then(() => Promise.all([inner, ...files.streams()].map(finish)))
  return outer
}

async function finish(stream: Stream): Promise<void> {
  await stream.stop('the stream has ended')
  if (!stream.isFinished) stream.finish(undefined)
}

/** Silence is written by the outer stream, when no side has frames. A title from a file is set there. */
function innerPlanOf(plan: StreamPlan): StreamPlan {
  const { ingest, titles } = plan
  return {
    ...plan,
    fallback: NO_FALLBACK,
    rewind: { ms: 0, bytes: 0 },
    recording: { pattern: undefined, keepMs: undefined },
    hls: undefined,
    hubPublish: undefined,
    ingest: { ...ingest, fill: 'nothing' },
    titles: { ...titles, file: undefined },
  }
}

/** Limits of the source apply to the inner stream. */
function outerPlanOf(plan: StreamPlan): StreamPlan {
  return { ...plan, supervision: { ...plan.supervision, reopen: true, maxQuietMs: 0, bytesPerSecond: 0 } }
}

/** Files and folders as sides: each is played by a hidden stream while it is heard. */
class FileSides {
  readonly #plan: StreamPlan
  readonly #parts: FallbackParts
  readonly #streams = new Map<string, Stream>()

  constructor(plan: StreamPlan, parts: FallbackParts) {
    this.#plan = plan
    this.#parts = parts
  }

  streams(): readonly Stream[] {
    return [...this.#streams.values()]
  }

  /** @throws SourceError when it does not exist or has nothing to play */
  async find(name: string): Promise<Side> {
    const stream = this.#streams.get(name) ?? (await this.#create(name))
    this.#streams.set(name, stream)
    return this.#parts.inner.sideOf(stream, 'files')
  }

  async #create(name: string): Promise<Stream> {
    const { memory, clock, log } = this.#parts
    const plan = this.#planOf(name)
    const createFilter = await loadFilter(plan.ingest.filter)
    const asStream = streamOptions(plan, createFilter, {})
    const own = log.with({ stream: plan.path })
    const options = { shuffle: false, loop: true, tagCharset: plan.titles.charset }
    const { createPlaylistSource } = await import('../source/files/playlist.ts')
    const source = await createPlaylistSource([name], options, clock, own, (path) => examineFile(path, asStream))
    const streamed = { ...streamOptions(plan, createFilter, source, memory), isInner: true }
    const stream = new Stream(plan, source, streamed, clock, log)
    // Its titles are those of the outer stream.
    const subscribe: typeof stream.events.subscribe = (subscriber) =>
      stream.events.subscribe((event) => event.kind.startsWith('source ') && subscriber(event))
    logEvents({ subscribe }, own)
    return stream
  }

  /** It starts as far ahead as its listeners are behind. */
  #planOf(name: string): StreamPlan {
    const { path, place, fallback, ingest, delivery, silence, about, titles, page } = this.#plan
    return {
      path,
      place,
      sources: [{ kind: 'play', paths: [name], shuffle: false, loop: true, tagCharset: titles.charset }],
      publish: undefined,
      fallback: NO_FALLBACK,
      ingest: {
        filter: 'auto',
        frameBytes: undefined,
        headerBytes: 0,
        splice: ingest.splice,
        samples: undefined,
        contentType: undefined,
        likelyType: undefined,
        fill: 'nothing',
        pace: true,
      },
      supervision: { reopen: true, closeIdle: true, warm: false, maxQuietMs: 0, bytesPerSecond: 0 },
      ringFrames: undefined,
      rewind: { ms: 0, bytes: 0 },
      recording: { pattern: undefined, keepMs: undefined },
      hls: undefined,
      hubPublish: undefined,
      delivery: { ...delivery, burstMs: fallback.afterMs },
      access: FOR_ALL,
      hooks: NO_HOOKS,
      silence,
      about,
      titles: { ...titles, file: undefined },
      page,
      whenEnded: 'keep',
    }
  }
}
