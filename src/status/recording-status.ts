import type { Recording } from '../recorder/recorder.ts'
import type { RecordingStatus } from './report.ts'
import { toldText } from './safe-text.ts'
import type { Moments } from './timestamps.ts'

/** Time for which a loss counts as one of now, in milliseconds. */
const RECENT_MS = 60_000

/**
 * Returns the status of a recording. @param recording undefined: the stream is not recorded. @param framesLost in all
 * @param showsFiles false: omits the path of the file
 */
export function recordingStatus(
  recording: Recording | undefined,
  framesLost: number,
  now: number,
  moment: Moments,
  showsFiles: boolean,
): RecordingStatus | null {
  if (recording === undefined) return null
  const { file, failure, lostAt } = recording
  return {
    state: stateOf(recording, now),
    file: file === undefined || !showsFiles ? null : toldText(file.path),
    since: file === undefined ? null : moment(file.since),
    bytes: file?.bytes ?? 0,
    framesLost,
    lostAt: lostAt === undefined ? null : moment(lostAt),
    why: failure === undefined ? null : toldText(failure),
  }
}

function stateOf({ file, failure, lostAt }: Recording, now: number): RecordingStatus['state'] {
  if (failure !== undefined) return 'failing'
  if (lostAt !== undefined && now - lostAt < RECENT_MS) return 'losing'
  return file === undefined ? 'waiting' : 'recording'
}
