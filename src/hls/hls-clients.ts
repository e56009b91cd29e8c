import { createHash } from 'node:crypto'
import type { Clock } from '../system/clock.ts'

/** Maximum number of clients that are told apart; of more, those that have asked least recently are forgotten. */
const MAX_CLIENTS = 20_000
/** Of a hash, in Base64: 96 bits. */
const KEY_CHARACTERS = 16

/** Permission of a client to have a stream. */
export interface HlsPermission {
  readonly user?: string | undefined
  /** Time for which it is valid, in milliseconds; undefined: no limit. */
  readonly limitMs?: number | undefined
  leave(): void
}

/** A client, from its first request on until it has not asked for some time. */
interface Session {
  /** Times of the clock, in milliseconds. */
  askedAt: number
  readonly validUntil: number
  readonly permission: HlsPermission | undefined
}

/**
 * The clients of one stream that ask this server for playlists or segments. They are estimated: clients of one address and user agent
 * are one, and a cache asks for many.
 */
export class HlsClients {
  /** By key, in the order of their last requests. */
  readonly #sessions = new Map<string, Session>()
  readonly #idleMs: () => number
  readonly #clock: Clock

  /** @param idleMs returns the time without a request after which a client is gone, in milliseconds */
  constructor(idleMs: () => number, clock: Clock) {
    this.#idleMs = idleMs
    this.#clock = clock
  }

  get count(): number {
    this.expire()
    return this.#sessions.size
  }

  /** Notes a request. @returns the session of its client; undefined: it is new, or its permission has ended */
  asked(key: string): Pick<Session, 'permission'> | undefined {
    this.expire()
    const known = this.#sessions.get(key)
    if (known === undefined) return undefined
    this.#sessions.delete(key)
    const now = this.#clock.now()
    if (now >= known.validUntil) {
      known.permission?.leave()
      return undefined
    }
    known.askedAt = now
    this.#sessions.set(key, known)
    return known
  }

  /** Adds a client. @param permission undefined: every client may have the stream */
  add(key: string, permission?: HlsPermission): void {
    // Of two first requests at once, one takes the place.
    if (this.#sessions.has(key)) return permission?.leave()
    const askedAt = this.#clock.now()
    const validUntil = askedAt + (permission?.limitMs ?? Number.POSITIVE_INFINITY)
    this.#sessions.set(key, { askedAt, validUntil, permission })
    if (this.#sessions.size > MAX_CLIENTS) this.#forgetOldest()
  }

  /** Forgets the clients that have not asked for some time. */
  expire(): void {
    const before = this.#clock.now() - this.#idleMs()
    for (const { askedAt } of this.#sessions.values()) {
      if (askedAt >= before) return
      this.#forgetOldest()
    }
  }

  /** Forgets all clients. */
  clear(): void {
    while (this.#sessions.size > 0) this.#forgetOldest()
  }

  #forgetOldest(): void {
    for (const [key, { permission }] of this.#sessions) {
      this.#sessions.delete(key)
      permission?.leave()
      return
    }
  }
}

/** Returns the key of a client. @param parts by which clients differ, credentials included, which are not kept */
export function clientKey(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64').slice(0, KEY_CHARACTERS)
}
