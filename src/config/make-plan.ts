/** From options to the plan of the program. */
import { parsePcmFormat } from '../../filters/pcm-format.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import type { About, IngestPlan, PublishPlan, Samples, SourcePlan, StreamPlan } from '../plan/stream-plan.ts'
import { accessPlan, clientsPlan, hooksOf } from './access-plans.ts'
import type { Config } from './config.ts'
import { ALL_PATHS } from './configuration.ts'
import { hubPlan, hubSourcePlan } from './hub-plans.ts'
import { likelyType } from './likely-type.ts'
import { pcmFromCommand } from './pcm-from-command.ts'
import type { Configuration, StreamSettings } from './settings.ts'

export function makePlan({ config, streams, isStation }: Configuration): ProgramPlan {
  const { tls, tlsCert, tlsKey, logFormat, debug, statLogInterval, status, metrics, talk } = config
  const { liveToken, configFile } = config
  const files = tlsCert === undefined || tlsKey === undefined ? undefined : { cert: tlsCert, key: tlsKey }
  const { address, uid, headerTimeout: headerTimeoutMs, cpuMax, bufferMemory } = config
  const planOf = (settings: StreamSettings) => streamPlan(settings, isStation ? 'keep' : 'exit', talk)
  return {
    listen: {
      addresses: address ?? [],
      uid,
      headerTimeoutMs,
      tls: (tls ?? files !== undefined) ? { files } : undefined,
    },
    log: { format: logFormat, debug, statisticsEveryMs: statLogInterval },
    pages: { status, metrics, talk, liveToken },
    clients: clientsPlan(config),
    admin: { password: config.adminPassword, usersFile: config.adminUsers },
    hooks: { start: config.onStart, stop: config.onStop },
    announcing: { mdns: config.mdns, directories: config.directory ?? [], publicUrl: config.publicUrl },
    hub: hubPlan(config),
    cpuMax,
    bufferMemory,
    streams: streams.filter((settings) => !isPublished(settings)).map(planOf),
    published: publishedPlans(config, streams),
    about: aboutOf(config),
    isStation,
    configFile,
  }
}

/** A wildcard without a source is for published streams. */
function isPublished({ path, config }: StreamSettings): boolean {
  return path.endsWith('*') && config.from === undefined
}

/** Returns the plans of published streams, the longest wildcard first. */
function publishedPlans(config: Config, streams: readonly StreamSettings[]): readonly StreamPlan[] {
  const wildcards = streams.filter(isPublished)
  const hasAll = wildcards.some(({ path }) => path === ALL_PATHS)
  const all = wildcards.map(publishedPlan)
  if (!hasAll) all.push(browserPlan(publishedPlan({ path: ALL_PATHS, place: undefined, config })))
  return all.toSorted((one, other) => other.path.length - one.path.length)
}

function publishedPlan(settings: StreamSettings): StreamPlan {
  const plan = streamPlan(settings, 'keep', true)
  const supervision = { reopen: true, closeIdle: false, warm: true, maxQuietMs: 0, bytesPerSecond: 0 }
  // One file cannot have the titles of several publishers.
  return { ...plan, sources: [{ kind: 'publish' }], supervision, titles: { ...plan.titles, file: undefined } }
}

/** Returns the plan of streams that only browsers publish: the options of the head are for another source. */
function browserPlan(plan: StreamPlan): StreamPlan {
  const ingest: IngestPlan = {
    ...plan.ingest,
    filter: 'auto',
    frameBytes: undefined,
    headerBytes: 0,
    samples: undefined,
    contentType: undefined,
    likelyType: undefined,
  }
  return { ...plan, ingest, publish: undefined, ringFrames: undefined, fallback: { ...plan.fallback, paths: [] } }
}

/** @param talk standard input may be empty, because browsers can publish. */
function streamPlan(
  { path, place, config }: StreamSettings,
  whenEnded: StreamPlan['whenEnded'],
  talk: boolean,
): StreamPlan {
  const { reopen, closeIdle, warm, maxQuietInterval: maxQuietMs, sourceBandwidth: bytesPerSecond } = config
  const { maxDelay: maxDelayMs, burst: burstMs, clientMaxBytes, clientTimeout: clientTimeoutMs } = config
  const { frameAncestors, hidden, public: isPublic, picture, publish, fallback, fallbackAfter } = config
  return {
    path,
    place,
    sources: [sourcePlan(config, talk)],
    publish: publishPlan(config),
    fallback: { paths: fallback ?? [], afterMs: fallbackAfter },
    ingest: ingestPlan(config),
    // A publisher sends without listeners too, and has a timeout of its own; edges of a hub are no listeners.
    supervision: {
      reopen,
      closeIdle,
      warm: warm || publish || config.hubPublish,
      maxQuietMs: publish ? 0 : maxQuietMs,
      bytesPerSecond,
    },
    ringFrames: config.sourceBuffer,
    rewind: { ms: config.rewind, bytes: config.rewindBytes },
    recording: { pattern: config.record, keepMs: config.recordKeep },
    hls: config.hls ? { segmentMs: config.hlsSegment, group: config.hlsGroup } : undefined,
    hubPublish: config.hubPublish ? { name: config.hubName } : undefined,
    delivery: { maxDelayMs, burstMs, clientMaxBytes, clientTimeoutMs },
    access: accessPlan(config),
    hooks: hooksOf(config),
    silence: { afterMs: config.silenceAfter, level: config.silenceLevel },
    about: aboutOf(config),
    titles: { file: config.titleFile, charset: config.tagCharset },
    page: { frameAncestors, hidden, public: isPublic, picture },
    whenEnded,
  }
}

function publishPlan(config: Config): PublishPlan | undefined {
  const { publish, publishUser, publishPassword, publishUsers, publishAnybody, publishTimeout, linger } = config
  if (!publish) return undefined
  return {
    user: publishUser,
    password: publishPassword,
    usersFile: publishUsers,
    url: config.publishUrl,
    anybody: publishAnybody,
    timeoutMs: publishTimeout,
    lingerMs: linger,
  }
}

function sourcePlan(config: Config, talk: boolean): SourcePlan {
  const { demo, command, play, path, shuffle, loop, tagCharset, from, relay, relayInsecure, publish } = config
  const relayPlan = relay && ({ kind: 'relay', urls: relay, insecure: relayInsecure, charset: tagCharset } as const)
  if (from !== undefined) return 'hub' in from ? hubSourcePlan(from, relayPlan) : { kind: 'from', ...from, command }
  if (relayPlan !== undefined) return relayPlan
  if (publish) return { kind: 'publish' }
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
function samplesOf({ pcm, demo, command, from, frameFilter, frameBytes }: Config): Samples | undefined {
  if (demo) return { format: parsePcmFormat('cd'), wavByDefault: true }
  if (pcm !== undefined) return { format: pcm, wavByDefault: true }
  if (command === undefined || from !== undefined || (frameFilter !== 'auto' && frameFilter !== 'raw')) return undefined
  const format = pcmFromCommand(command)
  if (format === undefined || (frameBytes ?? 0) % format.blockBytes !== 0) return undefined
  return { format, wavByDefault: false }
}

function aboutOf({ name, description, genre, url }: Config): About {
  return { name, description, genre, url }
}
