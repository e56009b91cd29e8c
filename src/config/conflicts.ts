/** Options that are right one by one and wrong together. */
import type { Config } from './config.ts'
import { UsageError } from './usage-error.ts'

/** @throws UsageError about the first two options that cannot go together. */
export function refuseConflicts(config: Config): void {
  refuseTwoSources(config)
  refuseOrderOfNothing(config)
  if (config.play) refuseOtherPlay(config)
  if (config.demo) refuseDemoFormat(config)
  if (config.pcm) refusePcmCuts(config.pcm, config)
  refuseHalfAPair(config)
  if (config.liveToken !== undefined && !config.talk) {
    throw new UsageError('-live-token: nobody can go on the air without -talk', 'live-token', undefined)
  }
}

function refuseTwoSources({ play, command, path, demo }: Config): void {
  const isGiven = { demo, play: play !== undefined, exec: command !== undefined, path: path !== undefined }
  const [flag, other] = Object.entries(isGiven).flatMap(([name, given]) => (given ? [name] : []))
  if (flag === undefined || other === undefined) return
  throw conflict(flag, other, demo ? 'the demo needs no other source' : 'both say where the stream comes from')
}

function refuseOrderOfNothing({ play, shuffle, loop }: Config): void {
  if (play !== undefined) return
  if (shuffle) throw new UsageError('-shuffle: there is nothing to shuffle without -play', 'shuffle', undefined)
  if (!loop) throw new UsageError('-loop: there is nothing to play once without -play', 'loop', 'false')
}

function refuseOtherPlay({ pace, reopen }: Config): void {
  if (!pace) throw conflict('play', 'pace', 'files are played in real time; -path FILE -pace=false reads one at once')
  if (!reopen) throw conflict('play', 'reopen', '-loop=false plays each file once and ends')
}

function refuseDemoFormat({ pcm, frameFilter }: Config): void {
  if (pcm) throw conflict('demo', 'pcm', 'the demo has a format of its own')
  if (!leavesSamplesWhole(frameFilter)) throw conflict('demo', 'frame-filter', 'the demo is raw samples')
}

function refusePcmCuts(pcm: NonNullable<Config['pcm']>, { frameFilter, frameBytes }: Config): void {
  if (!leavesSamplesWhole(frameFilter)) throw conflict('pcm', 'frame-filter', 'raw samples need -frame-filter raw')
  if (frameBytes === undefined || frameBytes % pcm.blockBytes === 0) return
  const message = `-frame-bytes "${frameBytes}": must be a multiple of ${pcm.blockBytes}, one sample of every channel of -pcm`
  throw new UsageError(message, 'frame-bytes', String(frameBytes))
}

function refuseHalfAPair({ tlsCert, tlsKey }: Config): void {
  if (tlsCert !== undefined && tlsKey === undefined) {
    throw new UsageError('-tls-cert: needs -tls-key, the private key of the certificate', 'tls-cert', tlsCert)
  }
  if (tlsKey !== undefined && tlsCert === undefined) {
    throw new UsageError('-tls-key: needs -tls-cert, the certificate of the key', 'tls-key', tlsKey)
  }
}

function leavesSamplesWhole(filter: string): boolean {
  return filter === 'raw' || filter === 'auto'
}

function conflict(flag: string, other: string, why: string): UsageError {
  return new UsageError(`-${flag} cannot go with -${other}: ${why}`, flag, undefined)
}
