/** Options of recordings, time shift and HLS that need another one. */
import type { Config } from './config.ts'
import { UsageError } from './usage-error.ts'

/** @throws UsageError about the first option that has no effect without another one, or with one */
export function refuseRecordingConflicts({
  record,
  recordKeep,
  onRecorded,
  rewind,
  sourceBuffer,
  hls,
  hlsGroup,
}: Config): void {
  const files = '-record, the names of the files'
  if (recordKeep !== undefined && record === undefined) throw needs('record-keep', files)
  if (onRecorded !== undefined && record === undefined) throw needs('on-recorded', files)
  if (hlsGroup !== undefined && !hls) throw needs('hls-group', '-hls')
  if (rewind > 0 && sourceBuffer !== undefined) {
    const message = '-rewind: cannot be combined with -source-buffer, which fixes the number of frames that are kept'
    throw new UsageError(message, 'rewind', undefined)
  }
}

function needs(flag: string, what: string): UsageError {
  return new UsageError(`-${flag}: needs ${what}`, flag, undefined)
}
