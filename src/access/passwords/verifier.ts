import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import type { Logger } from '@logtape/logtape'
import { type Clock, inTime } from '../../system/clock.ts'
import { remember } from '../remember.ts'
import { ComparingThread } from './comparing-thread.ts'
import { ComparisonQueue } from './comparison-queue.ts'

/** A password that may belong to a hash. */
export interface Question {
  readonly password: string
  readonly hash: string
}

/** A request that waits for a comparison. */
interface Asker {
  readonly mayBegin: () => boolean
  readonly answer: (isRight: boolean | undefined) => void
}

/** A comparison that waits, or that is under way. All requests with the same password and hash share it. */
interface Comparison {
  readonly key: string
  readonly question: Question
  readonly digest: Buffer
  /** It begins when one of them may. */
  readonly askers: Asker[]
}

/** Maximum length of a password, in bytes. Longer ones, which are slower to hash, are wrong. */
const MAX_PASSWORD_BYTES = 256
/** Maximum time for a comparison, in milliseconds: even costly hashes take less than a second. */
const MAX_MS = 5_000
/** Maximum number of right passwords that are remembered: those that were verified last, of some large files. */
const MAX_REMEMBERED = 10_000

/**
 * Compares passwords with hashes, one at a time, in a thread of their own, because a comparison would hold up the event loop. Right
 * passwords are remembered by a keyed digest: a publisher sends its password again with each title, and members of a family share
 * one.
 */
export class Verifier {
  readonly #clock: Clock
  readonly #log: Logger
  readonly #key = randomBytes(32)
  readonly #thread = new ComparingThread()
  /** Digests of right passwords, by hash. */
  readonly #remembered = new Map<string, Buffer>()
  /** Comparisons that have not ended, by hash and digest. */
  readonly #open = new Map<string, Comparison>()
  readonly #waiting = new ComparisonQueue<Comparison>()
  #isComparing = false

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock
    this.#log = log
  }

  /**
   * Resolves to whether the password belongs to the hash; undefined when it has not been compared, because too many wait or `mayBegin`
   * says no.
   * @param network of the client; see `networkOf` @param mayBegin called right before a comparison begins
   */
  matches(question: Question, network: string, mayBegin: () => boolean): Promise<boolean | undefined> {
    if (Buffer.byteLength(question.password) > MAX_PASSWORD_BYTES) return Promise.resolve(false)
    const digest = createHmac('sha256', this.#key).update(question.password).digest()
    if (this.#knows(question.hash, digest)) return Promise.resolve(true)
    return new Promise((answer) => this.#enqueue(question, digest, network, { mayBegin, answer }))
  }

  #enqueue(question: Question, digest: Buffer, network: string, asker: Asker): void {
    const key = `${question.hash} ${digest.toString('base64')}`
    const open = this.#open.get(key)
    if (open !== undefined) return void open.askers.push(asker)
    const comparison = { key, question, digest, askers: [asker] }
    if (!this.#waiting.add(network, comparison)) return asker.answer(undefined)
    this.#open.set(key, comparison)
    if (!this.#isComparing) void this.#compareAll()
  }

  async #compareAll(): Promise<void> {
    this.#isComparing = true
    for (let next = this.#waiting.next(); next !== undefined; next = this.#waiting.next()) {
      const mayBegin = next.askers.some((asker) => asker.mayBegin())
      this.#answer(next, mayBegin ? await this.#compare(next.question) : undefined)
      // Before the next one begins, its askers learn the result, and may forbid more of them.
      await turn()
    }
    this.#isComparing = false
  }

  #answer({ key, question, digest, askers }: Comparison, isRight: boolean | undefined): void {
    this.#open.delete(key)
    if (isRight === true) remember(this.#remembered, question.hash, digest, MAX_REMEMBERED)
    for (const { answer } of askers) answer(isRight)
  }

  /** Never rejects. */
  async #compare(question: Question): Promise<boolean> {
    try {
      const answer = await inTime(this.#clock, MAX_MS, this.#thread.compare(question))
      if (answer === undefined) throw new Error(`no result within ${MAX_MS / 1000} s`)
      return answer
    } catch (error) {
      this.#thread.end()
      this.#log.error('password check failed', { error: (error as Error).message })
      return false
    }
  }

  #knows(hash: string, digest: Buffer): boolean {
    const known = this.#remembered.get(hash)
    return known !== undefined && timingSafeEqual(known, digest)
  }
}
