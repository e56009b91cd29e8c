/** From options to the plan of the program. */
import { parsePcmFormat } from '../../filters/pcm-format.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import type { About, IngestPlan, Samples, SourcePlan, StreamPlan } from '../plan/stream-plan.ts'
import type { Config } from './config.ts'
import { likelyType } from './likely-type.ts'
import { pcmFromCommand } from './pcm-from-command.ts'
import type { Configuration, StreamSettings } from './settings.ts'

/** Path of published streams for which the file has no section. */
const ALL_PATHS = '/*'

export function makePlan({ config, streams, isStation }: Configuration): ProgramPlan {
  const { tls, tlsCert, tlsKey, logFormat, debug, statLogInterval, status, talk, liveToken, configFile } = config
  const files = tlsCert === undefined || tlsKey === undefined ? undefined : { cert: tlsCert, key: tlsKey }
  const { address, uid, headerTimeout: headerTimeoutMs, cpuMax, bufferMemory } = config
  const planOf = (settings: StreamSettings) => streamPlan(settings, isStation ? 'keep' : 'exit', talk)
  return {
    listen: {
      addresses: address === undefined ? [] : [address],
      uid,
      headerTimeoutMs,
      tls: (tls ?? files !== undefined) ? { files } : undefined,
    },
    log: { format: logFormat, debug, statisticsEveryMs: statLogInterval },
    pages: { status, talk, liveToken },
    cpuMax,
    bufferMemory,
    streams: streams.filter(({ path }) => !isWildcard(path)).map(planOf),
    published: publishedPlans(config, streams),
    about: aboutOf(config),
    isStation,
    configFile,
  }
}

function isWildcard(path: string): boolean {
  return path.endsWith('*')
}

/** Returns the plans of published streams, the longest wildcard first. They are always WAV, without the filter of the head. */
function publishedPlans(config: Config, streams: readonly StreamSettings[]): readonly StreamPlan[] {
  const wildcards = streams.filter(({ path }) => isWildcard(path))
  const hasAll = wildcards.some(({ path }) => path === ALL_PATHS)
  const all = hasAll ? wildcards : [...wildcards, { path: ALL_PATHS, place: undefined, config }]
  return all.toSorted((one, other) => other.path.length - one.path.length).map(publishedPlan)
}

function publishedPlan(settings: StreamSettings): StreamPlan {
  const plan = streamPlan(settings, 'keep', true)
  const ingest: IngestPlan = {
    ...plan.ingest,
    filter: 'wav',
    frameBytes: undefined,
    headerBytes: 0,
    samples: undefined,
    contentType: undefined,
    likelyType: undefined,
  }
  const supervision = { reopen: true, closeIdle: false, warm: false, maxQuietMs: 0, bytesPerSecond: 0 }
  return { ...plan, sources: [], ingest, supervision, ringFrames: undefined }
}

/** @param talk standard input may be empty, because browsers can publish. */
function streamPlan(
  { path, place, config }: StreamSettings,
  whenEnded: StreamPlan['whenEnded'],
  talk: boolean,
): StreamPlan {
  const { reopen, closeIdle, warm, maxQuietInterval: maxQuietMs, sourceBandwidth: bytesPerSecond } = config
  const { maxDelay: maxDelayMs, burst: burstMs, clientMaxBytes, clientTimeout: clientTimeoutMs } = config
  const { frameAncestors, hidden } = config
  return {
    path,
    place,
    sources: [sourcePlan(config, talk)],
    publish: undefined,
    fallback: { paths: [], afterMs: 1000 },
    ingest: ingestPlan(config),
    supervision: { reopen, closeIdle, warm, maxQuietMs, bytesPerSecond },
    ringFrames: config.sourceBuffer,
    delivery: { maxDelayMs, burstMs, clientMaxBytes, clientTimeoutMs },
    about: aboutOf(config),
    titles: { file: config.titleFile, charset: config.tagCharset },
    page: { frameAncestors, hidden },
    whenEnded,
  }
}

function sourcePlan(config: Config, talk: boolean): SourcePlan {
  const { demo, command, play, path, shuffle, loop, tagCharset } = config
  if (demo) return { kind: 'demo' }
  if (command !== undefined) return { kind: 'exec', command }
  if (play !== undefined) return { kind: 'play', paths: play, shuffle, loop, tagCharset }
  if (path !== undefined) return { kind: 'path', path }
  return { kind: 'standard input', required: !talk }
}

function ingestPlan(config: Config): IngestPlan {
  const { frameFilter, frameBytes, headerBytes, splice, contentType, fill, pace, demo } = config
  const samples = samplesOf(config)
  return {
    filter: samples === undefined ? frameFilter : 'raw',
    frameBytes: frameBytes ?? (demo ? DEMO_FRAME_BYTES : undefined),
    headerBytes,
    splice,
    samples,
    contentType,
    likelyType: likelyType(config),
    fill,
    pace,
  }
}

/** Frame of the demo, in bytes: 10 ms. Thousands of smaller frames in the ring would take 5 MB more. */
const DEMO_FRAME_BYTES = 1764

/**
 * Returns the format of the samples: of `-pcm`, of the demo, or from the arguments of the capture program; undefined when it
 * is not known, or when another option cuts the bytes in another way.
 */
function samplesOf({ pcm, demo, command, frameFilter, frameBytes }: Config): Samples | undefined {
  if (demo) return { format: parsePcmFormat('cd'), wavByDefault: true }
  if (pcm !== undefined) return { format: pcm, wavByDefault: true }
  if (command === undefined || (frameFilter !== 'auto' && frameFilter !== 'raw')) return undefined
  const format = pcmFromCommand(command)
  if (format === undefined || (frameBytes ?? 0) % format.blockBytes !== 0) return undefined
  return { format, wavByDefault: false }
}

function aboutOf({ name, description, genre, url }: Config): About {
  return { name, description, genre, url }
}
