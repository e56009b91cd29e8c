import { countText, timeText } from './figure-text.ts'
import type { ProbeReport } from './report.ts'

/** A row: what it is about, and its parts; undefined parts are omitted. */
type Row = readonly [name: string, ...parts: readonly (string | undefined)[]]

type Received = NonNullable<ProbeReport['received']>

/** Width of the names, in characters. */
const NAME_WIDTH = 10

/**
 * Returns a report as text: the summary in the first line, for monitoring, then the details. Nagios reads what follows a vertical
 * bar as figures, so there are none.
 */
export function reportText(report: ProbeReport): string {
  const rows = [...serverRows(report), ...timeRows(report), ...soundRows(report), ...findingRows(report)]
  const lines = rows.flatMap(([name, ...parts]) => {
    const text = parts.filter((part) => part !== undefined).join(', ')
    return text === '' ? [] : [`  ${name.padEnd(NAME_WIDTH)} ${text}`]
  })
  return [report.summary, ...lines].join('\n').replaceAll('|', '/')
}

/** Returns a report as one line of JSON. Times have three decimals; unknown values are null. */
export function reportJson(report: ProbeReport): string {
  return JSON.stringify(report, (_, value: unknown) => {
    if (typeof value === 'number') return Number(value.toFixed(3))
    return value === undefined ? null : value
  })
}

function serverRows({ url, server, redirects }: ProbeReport): Row[] {
  if (server === undefined) return [['address', url]]
  const { address, status, contentType, name, description, genre } = server
  const way = redirects === 0 ? undefined : `redirects and playlists before it: ${redirects}`
  return [
    ['address', address, way],
    ['answer', String(status ?? ''), contentType ?? 'without a media type', server.server],
    ['station', name, description, genre],
  ]
}

function timeRows({ times }: ProbeReport): Row[] {
  const { nameMs, connectMs, tlsMs, answerMs, firstByteMs, firstFrameMs } = times
  return [
    [
      'request',
      timed('name ', nameMs),
      timed('connection ', connectMs),
      timed('TLS ', tlsMs),
      timed('answer ', answerMs),
    ],
    ['start', timed('first byte after ', firstByteMs), timed('first frame after ', firstFrameMs)],
  ]
}

function soundRows({ received, format, level, titles }: ProbeReport): Row[] {
  if (received === undefined) return []
  const { soundMs, burstMs, soundPerSecond, delayMedianMs } = received
  const total = `${received.bytes} bytes in ${timeText(received.listenedMs)}`
  const rows: Row[] = [['received', total, `${received.frames} frames`, timed('', soundMs, ' of sound')]]
  if (format === undefined) return rows
  return [
    ['format', format.text],
    ...rows,
    ['burst', timed('', burstMs, ' of sound ahead of real time')],
    ['pace', soundPerSecond === undefined ? undefined : `${soundPerSecond.toFixed(2)} s of sound a second after that`],
    ['delays', timed('median ', delayMedianMs, ' between writes'), `longest ${timeText(received.delayMaxMs)}`],
    ['player', leadText(received)],
    ['decoder', received.startsAtOnce ? 'can start at once' : 'cannot start with the first byte'],
    ['broken', brokenText(received)],
    ['level', level && `peak ${level.peakDbfs.toFixed(1)} dBFS`, level && `RMS ${level.rmsDbfs.toFixed(1)} dBFS`],
    ...titles.map(({ atMs, title }): Row => ['title', `${title} (after ${timeText(atMs)})`]),
  ]
}

/** A time between two texts; undefined when it is not known. @param ms milliseconds */
function timed(before: string, ms: number | undefined, after = ''): string | undefined {
  return ms === undefined ? undefined : `${before}${timeText(ms)}${after}`
}

function leadText({ lackMs = 0, lowestLeadMs }: Received): string | undefined {
  if (lackMs > 0) return timed('plays without a stop if it begins ', lackMs, ' later')
  return timed('', lowestLeadMs, ' of sound left at least')
}

function brokenText({ brokenPlaces, brokenBytes, missingFramesPlaces }: Received): string {
  if (brokenPlaces + missingFramesPlaces === 0) return 'nothing'
  const broken = brokenPlaces > 0 ? [`${brokenBytes} bytes at ${countText(brokenPlaces, 'place')}`] : []
  const missing = missingFramesPlaces > 0 ? [`frames are missing at ${countText(missingFramesPlaces, 'place')}`] : []
  return [...broken, ...missing].join(', ')
}

function findingRows({ faults, remarks }: ProbeReport): Row[] {
  return [...faults.map(({ text }): Row => ['fault', text]), ...remarks.map(({ text }): Row => ['remark', text])]
}
