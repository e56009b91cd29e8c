/** Options that are right one by one and wrong together. */
import type { Config } from './config.ts'
import { UsageError } from './usage-error.ts'

/** @throws UsageError about the first two options that cannot go together. */
export function refuseConflicts(config: Config): void {
  refuseTwoSources(config)
  if (config.demo) refuseDemoFormat(config)
  if (config.pcm) refusePcmCuts(config.pcm, config)
}

function refuseTwoSources({ command, path, demo }: Config): void {
  if (command && path !== undefined) throw conflict('exec', 'path', 'both say where the stream comes from')
  if (demo && command) throw conflict('demo', 'exec', 'the demo needs no other source')
  if (demo && path !== undefined) throw conflict('demo', 'path', 'the demo needs no other source')
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

function leavesSamplesWhole(filter: string): boolean {
  return filter === 'raw' || filter === 'auto'
}

function conflict(flag: string, other: string, why: string): UsageError {
  return new UsageError(`-${flag} cannot go with -${other}: ${why}`, flag, undefined)
}
