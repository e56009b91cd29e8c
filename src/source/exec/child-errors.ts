import type { Readable } from 'node:stream'
import type { Logger } from '@logtape/logtape'
import type { Clock } from '../../system/clock.ts'
import { createLineCutter, type Uncut } from './line-cutter.ts'

/**
 * Time from one read to the next, in milliseconds. A read takes at most 64 KiB from the pipe in 0.1 to 0.4 ms, so a child costs
 * less than 1 % of a core, however much it writes. A child that writes more than 1.3 MB a second blocks in its write.
 */
const READ_EVERY_MS = 50
/** Number of lines of a child that are logged at once, and further lines per second. */
const LINES_AT_ONCE = 50
const LINES_PER_SECOND = 2
/** Minimum time between two reports of omitted lines, in milliseconds. */
const REPORT_EVERY_MS = 5_000

/**
 * Logs a child's standard error, line by line. Lines that end in a carriage return are a progress display that overwrites
 * itself, and are logged as details. Of a flood the first lines are logged, the last ones are kept, and the rest is counted.
 * @param level of the lines.
 * @param keep takes lines other than a progress display, including those that are not logged.
 */
export function logChildErrors(
  stderr: Readable,
  log: Logger,
  level: 'info' | 'debug',
  clock: Clock,
  keep: (line: string) => void = () => {},
): void {
  const leftOut = createLeftOut(clock, log)
  const allowLine = createTokenBucket(clock)
  const allowProgress = createTokenBucket(clock)
  const logProgress = (line: string) => {
    const isAllowed = allowProgress()
    if (isAllowed) log.debug('progress of the source', { line })
    return isAllowed
  }
  const logLine = (line: string) => {
    keep(line)
    if (!allowLine()) {
      leftOut.add(1, Buffer.byteLength(line))
      return false
    }
    leftOut.report(REPORT_EVERY_MS)
    log[level]('the source says', { line })
    return true
  }
  const cutter = createLineCutter({
    line(line) {
      const text = line.trimEnd()
      if (text === '') return true
      return line.endsWith('\r') ? logProgress(text) : logLine(text)
    },
    uncut({ lines, bytes, tail }: Uncut) {
      leftOut.add(lines, bytes)
      for (const line of tail) if (line.trimEnd() !== '') keep(line.trimEnd())
    },
  })
  readInBulk(stderr, clock, (chunk) => cutter.push(chunk))
  stderr.once('close', () => {
    cutter.end()
    leftOut.report(0)
  })
  // Unreadable standard error does not justify ending a stream; the child's end is noticed by its exit.
  stderr.on('error', (error) => log.debug('standard error of the source cannot be read', { error: error.message }))
}

/** Reads all available bytes, then pauses for READ_EVERY_MS: bytes wait in the pipe meanwhile. */
function readInBulk(input: Readable, clock: Clock, push: (chunk: Buffer) => void): void {
  let cancel: (() => void) | undefined
  const read = () => {
    const chunk = cancel === undefined ? (input.read() as Buffer | null) : null
    if (chunk === null) return
    cancel = clock.after(READ_EVERY_MS, () => {
      cancel = undefined
      read()
    })
    push(chunk)
  }
  input.on('readable', read)
  input.once('close', () => cancel?.())
}

/** Counter of lines that are not logged. */
interface LeftOut {
  add(lines: number, bytes: number): void
  /** Logs the counts, unless the last report was less than `everyMs` ago. */
  report(everyMs: number): void
}

function createLeftOut(clock: Clock, log: Logger): LeftOut {
  let count = { lines: 0, bytes: 0 }
  let reportedAt = Number.NEGATIVE_INFINITY
  return {
    add(lines, bytes) {
      count = { lines: count.lines + lines, bytes: count.bytes + bytes }
    },
    report(everyMs) {
      if (count.bytes === 0 || clock.now() < reportedAt + everyMs) return
      reportedAt = clock.now()
      log.warn('lines of the source were left out', count)
      count = { lines: 0, bytes: 0 }
    },
  }
}

function createTokenBucket(clock: Clock): () => boolean {
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
