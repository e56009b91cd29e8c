import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Logger } from '@logtape/logtape'
import { type Clock, inTime } from '../../system/clock.ts'
import { remember } from '../remember.ts'

/** A password that may belong to a hash. */
export interface Question {
  readonly password: string
  readonly hash: string
}

/** Maximum length of a password, in bytes. Longer ones, which are slower to hash, are wrong. */
const MAX_PASSWORD_BYTES = 256
/** Maximum time for a comparison, in milliseconds: even costly hashes take less than a second. */
const MAX_MS = 5_000
/** Maximum number of comparisons that wait. */
const MAX_WAITING = 32
/** Maximum number of right passwords that are remembered: those that were verified last. */
const MAX_REMEMBERED = 1_000
/** The compiled program of the thread, beside this file. */
const PROGRAM = new URL('./password-thread.js', import.meta.url)

/**
 * Compares passwords with hashes, one at a time, in a thread of their own, because a comparison would hold up the event loop. Right
 * passwords are remembered by a keyed digest: a publisher sends its password again with each title.
 */
export class Verifier {
  readonly #clock: Clock
  readonly #log: Logger
  readonly #key = randomBytes(32)
  /** Digests of right passwords, by hash. */
  readonly #remembered = new Map<string, Buffer>()
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock
    this.#log = log
  }

  /**
   * Resolves to whether the password belongs to the hash; undefined when it has not been compared, because too many wait or `mayBegin`
   * says no.
   * @param mayBegin called right before a comparison begins
   */
  async matches(question: Question, mayBegin: () => boolean): Promise<boolean | undefined> {
    if (Buffer.byteLength(question.password) > MAX_PASSWORD_BYTES) return false
    const digest = createHmac('sha256', this.#key).update(question.password).digest()
    if (this.#knows(question.hash, digest)) return true
    if (this.#waiting >= MAX_WAITING) return undefined
    this.#waiting++
    const compared = this.#last.then(() => {
      this.#waiting--
      // A request before it may have had the same password.
      return this.#knows(question.hash, digest) || (mayBegin() ? this.#compare(question) : undefined)
    })
    // Before the next one begins, its caller learns the result, and may forbid more of them.
    this.#last = compared.then(() => turn())
    const isRight = await compared
    if (isRight === true) remember(this.#remembered, question.hash, digest, MAX_REMEMBERED)
    return isRight
  }

  /** Never rejects. */
  async #compare(question: Question): Promise<boolean> {
    const thread = new Worker(PROGRAM, { name: 'password', workerData: question, execArgv: [] })
    const answered = new Promise<boolean>((resolve, reject) => {
      thread.on('message', resolve)
      thread.on('error', reject)
      thread.on('exit', () => reject(new Error('no result')))
    })
    try {
      const answer = await inTime(this.#clock, MAX_MS, answered)
      if (answer === undefined) throw new Error(`no result within ${MAX_MS / 1000} s`)
      return answer
    } catch (error) {
      this.#log.error('password check failed', { error: (error as Error).message })
      return false
    } finally {
      await thread.terminate()
    }
  }

  #knows(hash: string, digest: Buffer): boolean {
    const known = this.#remembered.get(hash)
    return known !== undefined && timingSafeEqual(known, digest)
  }
}
