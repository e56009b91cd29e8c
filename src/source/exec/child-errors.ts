import type { Readable } from 'node:stream'
import type { Logger } from '@logtape/logtape'
import type { Clock } from '../../system/clock.ts'
import { TokenBucket } from '../../text/token-bucket.ts'
import { createLineCutter, type LineReader, type Uncut } from './line-cutter.ts'

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
  const lines = new ErrorLines(log, level, clock, keep)
  const cutter = createLineCutter(lines)
  readInBulk(stderr, clock, (chunk) => cutter.push(chunk))
  stderr.once('close', () => {
    cutter.end()
    lines.end()
  })
  // Unreadable standard error does not justify ending a stream; the child's end is noticed by its exit.
  stderr.on('error', (error) => log.debug('source stderr failed', { error: error.message }))
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

/** Logs lines as far as their limits allow, and counts the rest. */
class ErrorLines implements LineReader {
  readonly #log: Logger
  readonly #level: 'info' | 'debug'
  readonly #clock: Clock
  readonly #keep: (line: string) => void
  readonly #lines = new TokenBucket(LINES_PER_SECOND, LINES_AT_ONCE)
  readonly #progress = new TokenBucket(LINES_PER_SECOND, LINES_AT_ONCE)
  /** Lines that are not logged, since the last report. */
  #omitted = { lines: 0, bytes: 0 }
  #reportedAt = Number.NEGATIVE_INFINITY

  constructor(log: Logger, level: 'info' | 'debug', clock: Clock, keep: (line: string) => void) {
    this.#log = log
    this.#level = level
    this.#clock = clock
    this.#keep = keep
  }

  line(line: string): boolean {
    const text = line.trimEnd()
    if (text === '') return true
    return line.endsWith('\r') ? this.#logProgress(text) : this.#logLine(text)
  }

  uncut({ lines, bytes, tail }: Uncut): void {
    this.#omit(lines, bytes)
    for (const line of tail) if (line.trimEnd() !== '') this.#keep(line.trimEnd())
  }

  /** No lines follow. */
  end(): void {
    this.#report(0)
  }

  #logProgress(line: string): boolean {
    const isAllowed = this.#progress.take(1, this.#clock.now())
    if (isAllowed) this.#log.debug('source progress', { line })
    return isAllowed
  }

  #logLine(line: string): boolean {
    this.#keep(line)
    if (!this.#lines.take(1, this.#clock.now())) {
      this.#omit(1, Buffer.byteLength(line))
      return false
    }
    this.#report(REPORT_EVERY_MS)
    this.#log[this.#level]('source stderr', { line })
    return true
  }

  #omit(lines: number, bytes: number): void {
    this.#omitted = { lines: this.#omitted.lines + lines, bytes: this.#omitted.bytes + bytes }
  }

  /** Logs the counts, unless the last report was less than `everyMs` ago. */
  #report(everyMs: number): void {
    if (this.#omitted.bytes === 0 || this.#clock.now() < this.#reportedAt + everyMs) return
    this.#reportedAt = this.#clock.now()
    this.#log.warn('source stderr omitted', this.#omitted)
    this.#omitted = { lines: 0, bytes: 0 }
  }
}
