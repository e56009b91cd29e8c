import type { Logger } from '@logtape/logtape'
import { type Clock, repeat } from '../system/clock.ts'
import { fileVersion } from '../system/file-version.ts'
import { readRegularFile } from '../system/read-regular-file.ts'
import { isAddressRange } from '../text/address-range.ts'
import { BanList } from './ban-list.ts'

/** @param list has the new entries already @param entries for other threads */
export type BansChanged = (list: BanList, entries: readonly string[]) => void

/** Maximum size of the file, in bytes: 200,000 addresses. */
const MAX_BYTES = 4 * 1024 * 1024
/** Interval of checks whether the file has changed, in milliseconds. */
const CHECK_EVERY_MS = 1_000
/** Maximum number of lines of one reading that are logged because they are not valid. */
const MAX_LOGGED_LINES = 10
const MISSING = 'ENOENT'

/**
 * A file of addresses and ranges, one per line; `#` begins a comment. It is read again when it has changed. Without the file, none
 * is banned; while it cannot be read, those of the last reading are.
 */
export class BanFile {
  readonly #path: string
  readonly #clock: Clock
  readonly #log: Logger
  /** Addresses and ranges of the last reading. */
  readonly list = new BanList()
  #entries: readonly string[] = []
  #changed: BansChanged | undefined
  #stop: (() => void) | undefined
  /** Time, size and inode of the file at the last reading. */
  #version = ''
  /** Why the file could not be read the last time; undefined: it was read. */
  #error: string | undefined

  constructor(path: string, clock: Clock, log: Logger) {
    this.#path = path
    this.#clock = clock
    this.#log = log
  }

  /** The same as lines. */
  get entries(): readonly string[] {
    return this.#entries
  }

  /** Follows the changes of the file until it is stopped. @param changed called when the list has changed */
  follow(changed: BansChanged): void {
    this.#changed = changed
    this.#stop = repeat(this.#clock, CHECK_EVERY_MS, () => this.check())
  }

  stop(): void {
    this.#stop?.()
  }

  /** Reads the file if it has changed. Never rejects. */
  async check(): Promise<void> {
    try {
      const version = await fileVersion(this.#path)
      if (version !== this.#version) this.#use(String(await readRegularFile(this.#path, MAX_BYTES)))
      this.#version = version
      this.#error = undefined
    } catch (error) {
      this.#failed(error as NodeJS.ErrnoException)
    }
  }

  #use(text: string): void {
    const entries = this.#parse(text)
    this.#log.info('ban file read', { file: this.#path, ranges: entries.length })
    this.#replace(entries)
  }

  #replace(entries: readonly string[]): void {
    this.#entries = entries
    this.list.replace(entries)
    this.#changed?.(this.list, entries)
  }

  #failed({ code, message }: NodeJS.ErrnoException): void {
    if (message !== this.#error) this.#log.warn('ban file not read', { file: this.#path, error: message })
    this.#error = message
    if (code === MISSING && this.#version !== '') this.#replace([])
    this.#version = ''
  }

  #parse(text: string): string[] {
    const entries: string[] = []
    let skipped = 0
    for (const [at, line] of text.split('\n').entries()) {
      const [entry = ''] = line.split('#', 1).map((part) => part.trim())
      if (entry === '') continue
      if (isAddressRange(entry)) entries.push(entry)
      else if (++skipped <= MAX_LOGGED_LINES)
        this.#log.warn('ban file line skipped', { place: `${this.#path}:${at + 1}` })
    }
    return entries
  }
}
