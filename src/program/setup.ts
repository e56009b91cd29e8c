import { fstatSync, statSync } from 'node:fs'
import { isatty } from 'node:tty'
import type { Logger } from '@logtape/logtape'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { type PcmFormat, parsePcmFormat } from '../../filters/pcm-format.ts'
import type { Config } from '../config/config.ts'
import { pcmFromCommand } from '../config/pcm-from-command.ts'
import { UsageError } from '../config/usage-error.ts'
import { createDemoSource } from '../source/demo/demo.ts'
import type { OrphanGuard } from '../source/exec/orphan-guard.ts'
import { createPlaylistSource } from '../source/files/playlist.ts'
import type { Examine } from '../source/files/sound.ts'
import { type PathSource, sourceOfPath } from '../source/path-source.ts'
import type { Source } from '../source/source.ts'
import type { StreamOptions } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'

const DEFAULT_PATH = '/dev/stdin'
const NO_SOURCE = 'pipe data in, or use -demo, -exec, -path or -play (see -help)'

/** Default burst of a file, in milliseconds: all of it can be read at once, and its beginning is not late. */
const FILE_AHEAD_MS = 4_000

const NOTHING_TO_WARM = '-warm cannot be combined with a directory, whose FIFOs are opened on request'

/** Format of raw samples, and whether a request without `?raw` gets them as WAV. */
export interface Samples {
  readonly format: PcmFormat
  readonly wavByDefault: boolean
}

/** Frame of the demo, in bytes: 10 ms. Thousands of smaller frames in the ring would take 5 MB more. */
const DEMO_FRAME_BYTES = 1764

/**
 * Returns the format of the samples: of `-pcm`, of the demo, or from the arguments of the recording program; undefined when it
 * is not known, or when the command line cuts the bytes in another way.
 */
export function samplesOf({ pcm, demo, command, frameFilter, frameBytes }: Config): Samples | undefined {
  if (demo) return { format: parsePcmFormat('cd'), wavByDefault: true }
  if (pcm !== undefined) return { format: pcm, wavByDefault: true }
  if (command === undefined || (frameFilter !== 'auto' && frameFilter !== 'raw')) return undefined
  const format = pcmFromCommand(command)
  if (format === undefined || (frameBytes ?? 0) % format.blockBytes !== 0) return undefined
  return { format, wavByDefault: false }
}

/**
 * Creates the source that the command line names.
 * @param examine reads the beginning of a file as the stream would.
 * @throws SourceError or UsageError when there is nothing to read
 */
export async function findSource(
  config: Config,
  examine: Examine,
  guard: OrphanGuard,
  clock: Clock,
  log: Logger,
): Promise<PathSource> {
  if (config.demo) return { source: createDemoSource(clock) }
  if (config.command !== undefined) {
    // Loaded on demand, because starting programs takes memory and time.
    const { createExecSource } = await import('../source/exec/exec.ts')
    return { source: createExecSource(config.command, guard, clock, log) }
  }
  if (config.play !== undefined) return { source: await createPlaylistSource(config.play, config, clock, log, examine) }
  if (config.path === undefined && !config.talk) refuseEmptyInput()
  const found = await sourceOfPath(config.path ?? DEFAULT_PATH, clock, log)
  if ('source' in found && found.source.patient && !config.warm) {
    log.info('FIFO opening deferred', { source: found.source.label, until: 'first listener' })
  }
  if ('directory' in found && config.warm) throw new UsageError(NOTHING_TO_WARM, 'warm', undefined)
  return found
}

/** @throws UsageError when standard input cannot have any bytes */
function refuseEmptyInput(): void {
  const what = isatty(0) ? 'a terminal' : fstatSync(0).rdev === nullDevice() ? 'empty (/dev/null)' : undefined
  if (what !== undefined) throw new UsageError(`standard input is ${what}: ${NO_SOURCE}`, undefined, undefined)
}

function nullDevice(): number | undefined {
  return statSync('/dev/null', { throwIfNoEntry: false })?.rdev
}

/** Returns the options of a stream with this source. */
export function streamOptions(
  config: Config,
  samples: Samples | undefined,
  createFilter: CreateFilter,
  source: Partial<Source>,
): StreamOptions {
  // A file with a bandwidth limit has a pace of its own.
  const inTime = source.paced === true && config.pace && config.sourceBandwidth === 0
  const { blockBytes, rate, silentByte } = samples?.format ?? { blockBytes: 1, rate: 0, silentByte: 0 }
  return {
    filterName: config.frameFilter,
    createFilter,
    filterOptions: {
      frameBytes: config.frameBytes ?? (config.demo ? DEMO_FRAME_BYTES : undefined),
      blockBytes,
      byteUs: rate === 0 ? 0 : 1e6 / (rate * blockBytes),
      keepTail: !config.reopen || source.once === true,
      silentByte,
      splice: config.splice,
    },
    contentType: config.contentType,
    headerBytes: config.headerBytes,
    sourceBuffer: config.sourceBuffer,
    closeIdle: config.closeIdle,
    ownTitles: config.titleFile === undefined,
    fill: config.fill,
    inTime,
    aheadMs: config.burst ?? FILE_AHEAD_MS,
    supervision: {
      reopen: config.reopen,
      bytesPerSecond: config.sourceBandwidth,
      maxQuietMs: config.maxQuietInterval,
      warm: config.warm,
    },
  }
}
