import type { HubPublishedStatus, HubReadStatus, HubStatus } from '../../status/hub-report.ts'
import { timeWords } from '../../text/time-words.ts'
import type { Fact } from './fact.ts'
import { byteWords, countWords, numberWords } from './words.ts'

/** Silence of an origin from which it is shown as silent, in milliseconds: messages come several times a second. */
const SILENT_MS = 2_000

/** Figures of the connection to the hub. */
export function hubFacts({ name, server, roundTripMs, reconnects, keepsHistory }: HubStatus): Fact[] {
  return [
    ['This program', name],
    ...(server === null ? [] : [['Server', server] as const]),
    ['Round trip', roundTripMs === null ? '–' : millisecondWords(roundTripMs)],
    ['Reconnects', reconnects === 0 ? 'none' : numberWords(reconnects)],
    ['Last seconds', keepsHistory ? 'kept by the hub' : 'not kept by the hub'],
  ]
}

/** Figures of a stream on the hub. */
export function streamHubFacts(published: HubPublishedStatus | null, read: HubReadStatus | null): Fact[] {
  return [
    ...(published === null ? [] : [['Sent to the hub', publishedWords(published)] as const]),
    ...(read === null ? [] : readFacts(read)),
  ]
}

/** `studio-a`, or `studio-a (11 streams), studio-b (1 stream)`: an edge may read hundreds of streams. */
export function hearsWords(hears: Readonly<Record<string, string>>): string {
  const counts = new Map<string, number>()
  for (const origin of Object.values(hears)) counts.set(origin, (counts.get(origin) ?? 0) + 1)
  if (counts.size === 0) return 'nothing'
  if (counts.size === 1) return [...counts.keys()].join()
  return Array.from(counts, ([origin, count]) => `${origin} (${countWords(count, 'stream')})`).join(', ')
}

function readFacts(read: HubReadStatus): Fact[] {
  const { changes, gapMs, longestGapMs, delayMs } = read
  return [
    ['Origins', originsWords(read)],
    ['Changes of origin', changes === 0 ? 'none' : numberWords(changes)],
    ['Delay from origin', delayMs === null ? '–' : millisecondWords(delayMs)],
    ['Gaps', gapMs === 0 ? 'none' : `${millisecondWords(gapMs)}, longest ${millisecondWords(longestGapMs)}`],
    ['Frames lost', lostWords(read)],
    ['Frames twice', twiceWords(read)],
  ]
}

/** `studio-a; also studio-b (silent for 12 s)`. */
function originsWords({ heard, origins }: HubReadStatus): string {
  const others = origins.filter(({ name }) => name !== heard)
  const also = others.map(({ name, quietMs }) =>
    quietMs < SILENT_MS ? name : `${name} (silent for ${timeWords(quietMs)})`,
  )
  return [heard ?? 'none is heard', ...(also.length === 0 ? [] : [`also ${also.join(', ')}`])].join('; ')
}

/** `12,345 frames, 1.2 MB; 40 sent again; 2 too large`. */
function publishedWords({ frames, bytes, framesResent, framesRefused }: HubPublishedStatus): string {
  return [
    `${countWords(frames, 'frame')}, ${byteWords(bytes)}`,
    ...(framesResent === 0 ? [] : [`${numberWords(framesResent)} sent again`]),
    ...(framesRefused === 0 ? [] : [`${numberWords(framesRefused)} too large`]),
  ].join('; ')
}

function lostWords({ framesLost, framesRefilled }: HubReadStatus): string {
  const lost = framesLost === 0 ? 'none' : numberWords(framesLost)
  return framesRefilled === 0 ? lost : `${lost}; ${numberWords(framesRefilled)} came later`
}

function twiceWords({ framesDuplicate }: HubReadStatus): string {
  return framesDuplicate === 0 ? 'none' : `${numberWords(framesDuplicate)}, dropped`
}

/** `0.4 ms`, `12 ms`, `4.5 s`. */
function millisecondWords(ms: number): string {
  if (Math.abs(ms) < 10) return `${Math.round(ms * 10) / 10} ms`
  return Math.abs(ms) < 1_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`
}
