/** Options that are valid one by one and wrong together. */
import { refuseAccessConflicts } from './access-conflicts.ts'
import type { Config } from './config.ts'
import { refuseHubConflicts, refuseHubOfNothing } from './hub-conflicts.ts'
import { refuseRecordingConflicts } from './recording-conflicts.ts'
import { UsageError } from './usage-error.ts'

/** @throws UsageError about the first two options of the whole program that exclude each other */
export function refuseProgramConflicts(config: Config): void {
  const { tlsCert, tlsKey, liveToken, talk, directory, publicUrl } = config
  refuseHubOfNothing(config)
  if (tlsCert !== undefined && tlsKey === undefined) {
    throw new UsageError('-tls-cert: needs -tls-key, the private key of the certificate', 'tls-cert', tlsCert)
  }
  if (tlsKey !== undefined && tlsCert === undefined) {
    throw new UsageError('-tls-key: needs -tls-cert, the certificate of the key', 'tls-key', tlsKey)
  }
  if (liveToken !== undefined && !talk) {
    throw new UsageError('-live-token: needs -talk, which enables publishing at /live', 'live-token', undefined)
  }
  if (directory !== undefined && publicUrl === undefined) {
    const message = '-directory: needs -public-url, the address that listeners are sent to'
    throw new UsageError(message, 'directory', directory[0])
  }
}

/** @throws ConflictError or UsageError about the first options of a stream that exclude each other */
export function refuseStreamConflicts(config: Config): void {
  refuseTwoSources(config)
  refuseRelayOfNothing(config)
  refusePublishing(config)
  refuseOrderOfNothing(config)
  refuseAccessConflicts(config)
  refuseRecordingConflicts(config)
  refuseHubConflicts(config)
  if (config.play) refuseOtherPlay(config)
  if (config.demo) refuseDemoFormat(config)
  if (config.pcm) refusePcmCuts(config.pcm, config)
}

/** Two options exclude each other. */
export class ConflictError extends UsageError {
  /** The second flag by its full name, without a dash. */
  readonly other: string

  constructor(flag: string, other: string, message: string, value?: string) {
    super(message, flag, value)
    this.other = other
  }
}

function refuseTwoSources({ play, command, path, demo, from, relay, publish }: Config): void {
  const isGiven = {
    demo,
    publish,
    // Relays stand in for a hub.
    relay: relay !== undefined && !isOfHub(from),
    from: from !== undefined,
    play: play !== undefined,
    // A command behind another stream is part of the same source.
    exec: command !== undefined && from === undefined,
    path: path !== undefined,
  }
  const [flag, other] = Object.entries(isGiven).flatMap(([name, given]) => (given ? [name] : []))
  if (flag === undefined || other === undefined) return
  throw conflict(flag, other, demo ? 'the demo is a source itself' : 'both name a source')
}

function isOfHub(from: Config['from']): boolean {
  return from !== undefined && 'hub' in from
}

function refuseRelayOfNothing({ relay, relayInsecure }: Config): void {
  if (relayInsecure && relay === undefined)
    throw new UsageError('-relay-insecure: needs -relay, the address to relay', 'relay-insecure', undefined)
}

function refusePublishing(config: Config): void {
  const { publish, publishPassword, publishUsers, publishUrl, publishAnybody, closeIdle, maxQuietInterval } = config
  const isSet = {
    'publish-password': publishPassword !== undefined,
    'publish-users': publishUsers !== undefined,
    'publish-url': publishUrl !== undefined,
    'publish-anybody': publishAnybody,
  }
  const [flag] = Object.entries(isSet).flatMap(([name, given]) => (given ? [name] : []))
  if (!publish) {
    if (flag !== undefined) throw new UsageError(`-${flag}: needs -publish`, flag, undefined)
    return
  }
  if (flag === undefined) {
    const message =
      '-publish: needs -publish-password, -publish-users, -publish-url or, without any password, -publish-anybody'
    throw new UsageError(message, 'publish', undefined)
  }
  if (publishAnybody && flag !== 'publish-anybody') throw conflict(flag, 'publish-anybody', 'it permits everything')
  if (maxQuietInterval > 0) throw conflict('publish', 'max-quiet-interval', '-publish-timeout is for publishers')
  if (closeIdle) throw conflict('publish', 'close-idle', 'a publisher sends without listeners too')
}

function refuseOrderOfNothing({ play, shuffle, loop }: Config): void {
  if (play !== undefined) return
  if (shuffle) throw new UsageError('-shuffle: needs -play, the files to shuffle', 'shuffle', undefined)
  if (!loop) throw new UsageError('-loop: needs -play, the files to play once', 'loop', 'false')
}

function refuseOtherPlay({ pace, reopen }: Config): void {
  if (!pace)
    throw conflict(
      'play',
      'pace',
      'files of a list are played in real time; -path FILE -pace=false reads one file as fast as possible',
    )
  if (!reopen) throw conflict('play', 'reopen', '-loop=false plays each file once and ends')
}

function refuseDemoFormat({ pcm, frameFilter }: Config): void {
  if (pcm) throw conflict('demo', 'pcm', 'the format of the demo is fixed')
  if (!leavesSamplesWhole(frameFilter)) throw conflict('demo', 'frame-filter', 'the demo consists of raw samples')
}

function refusePcmCuts(pcm: NonNullable<Config['pcm']>, { frameFilter, frameBytes }: Config): void {
  if (!leavesSamplesWhole(frameFilter)) throw conflict('pcm', 'frame-filter', 'raw samples need -frame-filter raw')
  if (frameBytes === undefined || frameBytes % pcm.blockBytes === 0) return
  const message = `-frame-bytes "${frameBytes}": must be a multiple of ${pcm.blockBytes}, one sample of every channel of -pcm`
  throw new ConflictError('frame-bytes', 'pcm', message, String(frameBytes))
}

function leavesSamplesWhole(filter: string): boolean {
  return filter === 'raw' || filter === 'auto'
}

function conflict(flag: string, other: string, why: string): ConflictError {
  return new ConflictError(flag, other, `-${flag} cannot be combined with -${other}: ${why}`)
}
