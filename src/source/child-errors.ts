import type { Readable } from 'node:stream'
import type { Logger } from '@logtape/logtape'
import type { Clock } from '../clock.ts'

/** Longer lines are logged in pieces of so many characters. */
const MAX_LINE = 1_000
/** Behind a line feed, and behind a carriage return that none follows; one at the very end waits for what comes next. */
const LINE_END = /(?<=\n|\r(?!\n|$))/
/** So many lines of one child are logged at once; after that LINES_PER_SECOND. */
const LINES_AT_ONCE = 50
const LINES_PER_SECOND = 10

/**
 * Logs what a child writes to its standard error, line by line. Lines that end in a carriage return are a progress display
 * that is written over itself, and are logged as details. A child that writes without end costs a bounded number of lines.
 * @param keep takes every line that is no progress display, also those that are not logged.
 */
export function logChildErrors(
  stderr: Readable,
  log: Logger,
  level: 'info' | 'debug',
  clock: Clock,
  keep: (line: string) => void = () => {},
): void {
  const allow = createAllowance(clock)
  let unlogged = 0
  let rest = ''
  const logPiece = (line: string, progress: boolean) => {
    if (progress) log.debug('progress of the source', { line })
    else if (!allow()) unlogged++
    else {
      if (unlogged > 0) log.warn('lines of the source were left out', { lines: unlogged })
      unlogged = 0
      log[level]('the source says', { line })
    }
  }
  const logLine = (line: string) => {
    const text = line.trimEnd()
    const isProgress = line.endsWith('\r')
    if (text !== '' && !isProgress) keep(text)
    for (let at = 0; at < text.length; at += MAX_LINE) logPiece(text.slice(at, at + MAX_LINE), isProgress)
  }
  stderr.setEncoding('utf8')
  stderr.on('data', (text: string) => {
    const lines = (rest + text).split(LINE_END)
    rest = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '')
    for (const line of lines) logLine(line)
    for (; rest.length > MAX_LINE; rest = rest.slice(MAX_LINE)) logLine(rest.slice(0, MAX_LINE))
  })
  stderr.once('close', () => {
    logLine(rest)
    if (unlogged > 0) log.warn('lines of the source were left out', { lines: unlogged })
  })
  // What cannot be read is not worth ending a stream for; the child's end is reported by its exit.
  stderr.on('error', (error) => log.debug('standard error of the source cannot be read', { error: error.message }))
}

function createAllowance(clock: Clock): () => boolean {
  let left = LINES_AT_ONCE
  let at = clock.now()
  return () => {
    const now = clock.now()
    left = Math.min(LINES_AT_ONCE, left + ((now - at) / 1000) * LINES_PER_SECOND)
    at = now
    if (left < 1) return false
    left--
    return true
  }
}
