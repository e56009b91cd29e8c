import type { Logger } from '@logtape/logtape'
import type { Clock } from '../../system/clock.ts'
import { fileVersion } from '../../system/file-version.ts'
import { readRegularFile } from '../../system/read-regular-file.ts'
import { formOfHash } from './hash-forms.ts'

/** Maximum size of a file, in bytes: more than 10,000 users. */
const MAX_BYTES = 1024 * 1024
/** Interval of checks whether the file has changed, in milliseconds. */
const CHECK_EVERY_MS = 1_000

/** Users and hashed passwords, of a file in the format of htpasswd. It is read again when it has changed. */
export class UsersFile {
  readonly #path: string
  readonly #clock: Clock
  readonly #log: Logger
  #users: ReadonlyMap<string, string> = new Map()
  /** Time, size and inode of the file at the last reading. */
  #version = ''
  /** Why the file could not be read the last time; undefined: it was read. */
  #error: string | undefined
  #checkedAt = Number.NEGATIVE_INFINITY
  /** The check that is under way. */
  #checking: Promise<void> | undefined

  constructor(path: string, clock: Clock, log: Logger) {
    this.#path = path
    this.#clock = clock
    this.#log = log
  }

  /** Resolves to the hashes by user; without any when the file cannot be read. */
  async users(): Promise<ReadonlyMap<string, string>> {
    if (this.#clock.now() - this.#checkedAt >= CHECK_EVERY_MS) this.#checking ??= this.#check()
    await this.#checking
    return this.#users
  }

  async #check(): Promise<void> {
    try {
      const version = await fileVersion(this.#path)
      if (version !== this.#version) {
        this.#users = this.#parse(String(await readRegularFile(this.#path, MAX_BYTES)))
        this.#version = version
      }
      this.#error = undefined
    } catch (error) {
      this.#failed((error as Error).message)
    }
    this.#checkedAt = this.#clock.now()
    this.#checking = undefined
  }

  #failed(error: string): void {
    this.#users = new Map()
    this.#version = ''
    if (error !== this.#error) this.#log.error('users file not read', { file: this.#path, error })
    this.#error = error
  }

  /** Reads lines of `user:hash`; the first one of a user counts, as for Apache. */
  #parse(text: string): ReadonlyMap<string, string> {
    const users = new Map<string, string>()
    for (const [at, untrimmed] of text.split('\n').entries()) {
      const line = untrimmed.trim()
      if (line === '' || line.startsWith('#')) continue
      const [user = '', hash = ''] = line.split(':')
      if (user === '' || formOfHash(hash) === undefined) {
        this.#log.warn('users file line skipped', { place: `${this.#path}:${at + 1}`, reason: NO_FORM })
      } else if (!users.has(user)) users.set(user, hash)
    }
    return users
  }
}

const NO_FORM = 'not NAME:HASH with a hash of bcrypt, $apr1$, $5$ or $6$'
