import { close, constants, openSync, write } from 'node:fs'
import { promisify } from 'node:util'
import type { Logger } from '@logtape/logtape'
import { type Clock, inTime } from '../system/clock.ts'

/** The access log cannot be written; the message names the file and the reason in one line. */
export class AccessLogError extends Error {
  override readonly name = 'AccessLogError'
}

/** Lines are written after this time, in milliseconds, or when there are this many characters of them. */
const WRITE_AFTER_MS = 1_000
const WRITE_AT_LENGTH = 65_536
/** Maximum length of lines that wait for the disk, in characters. More are dropped, and counted. */
const MAX_WAITING_LENGTH = 4 * 1024 * 1024
/** Interval of warnings about lines that were dropped, in milliseconds. */
const REPORT_EVERY_MS = 60_000
/** Maximum wait for the disk at the end of the program, in milliseconds. */
const CLOSE_WITHIN_MS = 1_000

/** A FIFO without a reader must not stop the program. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK | constants.O_NOCTTY
const MODE = 0o640
const LF = 0x0a
const NOTHING = Buffer.alloc(0)

const writeFile = promisify(write)
const closeFile = promisify(close)

/**
 * The file of the access log. Lines are collected, and written without anything waiting for the disk:
 *
 *      add ---> waiting lines ---> bytes of the write under way ---> file
 */
export class AccessLogFile {
  readonly #path: string
  readonly #clock: Clock
  readonly #log: Logger
  #fd = -1
  #waiting = ''
  /** Rest of the bytes that are being written, and whether the file ends within a line. */
  #bytes: Buffer = NOTHING
  #isWithinLine = false
  /** The last operation on the file; each one begins after the one before. It never rejects. */
  #work: Promise<void> = Promise.resolve()
  #isScheduled = false
  #cancelTimer: (() => void) | undefined
  #hasFailed = false
  #dropped = 0
  #isReporting = false

  constructor(path: string, clock: Clock, log: Logger) {
    this.#path = path
    this.#clock = clock
    this.#log = log
  }

  /** Opens the file; until then lines wait. @throws AccessLogError */
  open(): void {
    this.#fd = openFile(this.#path)
  }

  /** @param lines one or more, each with its line end; in ASCII */
  add(lines: string): void {
    if (this.#waiting.length + this.#bytes.length + lines.length > MAX_WAITING_LENGTH) return this.#drop(lines)
    this.#waiting += lines
    if (this.#waiting.length >= WRITE_AT_LENGTH && !this.#hasFailed) this.#schedule()
    else this.#startTimer()
  }

  /**
   * Opens the file again, because another program has moved it. Lines up to now are written to the old file, and nothing later.
   * When it cannot be opened, the old one is kept. Never rejects.
   */
  reopen(): Promise<void> {
    return this.#afterwards(async () => {
      await this.#write()
      try {
        const old = this.#fd
        this.#fd = openFile(this.#path)
        this.#dropBegunLine()
        await closeFile(old)
        this.#log.info('access log opened again', { file: this.#path })
      } catch (error) {
        this.#log.error('access log not opened again', { file: this.#path, error: (error as Error).message })
      }
    })
  }

  /** Writes all lines, unless the disk takes too long. */
  async close(): Promise<void> {
    this.#cancelTimer?.()
    const written = this.#afterwards(() => this.#write())
    await inTime(this.#clock, CLOSE_WITHIN_MS, written)
  }

  #startTimer(): void {
    this.#cancelTimer ??= this.#clock.after(WRITE_AFTER_MS, () => {
      this.#cancelTimer = undefined
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    void this.#afterwards(async () => {
      this.#isScheduled = false
      await this.#write()
    })
  }

  #afterwards(task: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(task)
    return this.#work
  }

  /** Writes what waits; after a failure, the rest is tried again later. */
  async #write(): Promise<void> {
    try {
      while (this.#bytes.length > 0 || this.#waiting !== '') await this.#writeSome()
      this.#hasFailed = false
    } catch (error) {
      if (!this.#hasFailed) this.#log.error('access log not written', { file: this.#path, error: String(error) })
      this.#hasFailed = true
      this.#startTimer()
    }
  }

  async #writeSome(): Promise<void> {
    if (this.#bytes.length === 0) {
      this.#bytes = Buffer.from(this.#waiting, 'latin1')
      this.#waiting = ''
    }
    const { bytesWritten } = await writeFile(this.#fd, this.#bytes, 0, this.#bytes.length, null)
    if (bytesWritten > 0) this.#isWithinLine = this.#bytes[bytesWritten - 1] !== LF
    this.#bytes = this.#bytes.subarray(bytesWritten)
  }

  /** The beginning of a line is in the old file, so its rest must not begin the new one. */
  #dropBegunLine(): void {
    if (!this.#isWithinLine) return
    const end = this.#bytes.indexOf(LF) + 1
    this.#drop(this.#bytes.toString('latin1', 0, end))
    this.#bytes = this.#bytes.subarray(end)
    this.#isWithinLine = false
  }

  #drop(lines: string): void {
    this.#dropped += lines.split('\n').length - 1
    if (!this.#isReporting) this.#report()
  }

  #report(): void {
    this.#isReporting = this.#dropped > 0
    if (!this.#isReporting) return
    this.#log.warn('access log lines dropped', { file: this.#path, lines: this.#dropped })
    this.#dropped = 0
    this.#clock.after(REPORT_EVERY_MS, () => this.#report())
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such directory',
  EACCES: 'this user is not permitted to write it',
  EISDIR: 'it is a directory',
  ENXIO: 'it is a FIFO that no program reads',
}

/** @throws AccessLogError */
function openFile(path: string): number {
  try {
    return openSync(path, FLAGS, MODE)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new AccessLogError(`cannot write the access log ${path}: ${REASONS[code] ?? message}`, { cause: error })
  }
}
