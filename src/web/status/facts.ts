import type { RecordingStatus, StreamStatus } from '../../status/report.ts'
import { distanceText } from '../shared/distance-text.ts'
import type { Fact } from './fact.ts'
import { showFactList } from './fact-list.ts'
import { streamHubFacts } from './hub-words.ts'
import { byteWords, countWords, momentWords, numberWords, percentWords, rateWords } from './words.ts'

/** Shows the figures of a stream as a list of terms and values. @param now the time of the report. */
export function showFacts(list: HTMLElement, stream: StreamStatus, now: number): void {
  showFactList(list, factsOf(stream, now))
}

function factsOf(stream: StreamStatus, now: number): Fact[] {
  const {
    source,
    bitsPerSecond,
    framesSent,
    framesSkipped,
    bytesIn,
    bytesOut,
    invalidBytes,
    hls,
    recording,
    rewind,
    hub,
  } = stream
  return [
    ['Peak listeners', peakWords(stream, now)],
    ['Bit rate', bitsPerSecond === null ? '–' : rateWords(bitsPerSecond)],
    ['Read', byteWords(bytesIn) + (invalidBytes === 0 ? '' : `, ${byteWords(invalidBytes)} invalid`)],
    ['Sent', byteWords(bytesOut)],
    ['Frames sent', numberWords(framesSent)],
    ['Frames skipped', skippedWords(framesSent, framesSkipped)],
    ...(rewind === null ? [] : [['Goes back', rewindWords(rewind)] as const]),
    ...(hls === null ? [] : [['HLS', hlsWords(hls)] as const]),
    ...(hub === null ? [] : streamHubFacts(hub.published, hub.read)),
    ...(recording === null ? [] : [['Recording', recordingWords(recording, now)] as const]),
    ...(source.leftOut === null ? [] : [['Files skipped', source.leftOut] as const]),
  ]
}

/** `120, 21:03; limit 500`. */
function peakWords({ listenerPeak, maxListeners }: StreamStatus, now: number): string {
  const { listeners, at } = listenerPeak ?? {}
  const most =
    listeners === undefined || at === undefined ? 'none' : `${numberWords(listeners)}, ${momentWords(at, now)}`
  return maxListeners === null ? most : `${most}; limit ${numberWords(maxListeners)}`
}

/** `1 h, 57.6 MB`, or `12 min of 1 h, 11.5 MB`. */
function rewindWords({ reachMs, wantedMs, bytes }: NonNullable<StreamStatus['rewind']>): string {
  const wanted = distanceText(wantedMs)
  const reach = reachMs < wantedMs ? `${distanceText(reachMs)} of ${wanted}` : wanted
  return `${reach}, ${byteWords(bytes)}`
}

/** `about 12 listeners, 1.2 MB sent`. */
function hlsWords({ listeners, bytesOut }: NonNullable<StreamStatus['hls']>): string {
  return `about ${countWords(listeners, 'listener')}, ${byteWords(bytesOut)} sent`
}

/** `/srv/radio/09.mp3, 12.3 MB since 09:00; 120 frames lost`. */
function recordingWords({ state, file, since, bytes, framesLost, why }: RecordingStatus, now: number): string {
  const written = since === null ? 'no file' : `${byteWords(bytes)} since ${momentWords(since, now)}`
  const lost = framesLost === 0 ? '' : `; ${countWords(framesLost, 'frame')} lost`
  const words = state === 'failing' ? `not possible: ${why}` : state === 'waiting' ? 'waits for sound' : written
  return (file === null ? '' : `${file}, `) + words + lost
}

function skippedWords(sent: number, skipped: number): string {
  return skipped === 0 ? 'none' : `${numberWords(skipped)} (${percentWords(skipped / (sent + skipped))})`
}
