import { createHash, timingSafeEqual } from 'node:crypto'
import { type Clock, pause } from '../system/clock.ts'

/** Judges tokens, at a pace at which nobody can guess one. */
export interface TokenGate {
  /** @param client the address that somebody comes from. Resolved, after a while where there were wrong ones before, with whether it is right */
  judge(client: string, offered: string): Promise<boolean>
}

/** After a wrong token an address waits so long, in milliseconds, and twice as long after each further one, up to this. */
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 10_000
/** An address that has been quiet for so long has a clean slate. */
const FORGIVEN_AFTER_MS = 600_000
/** So many addresses are remembered: those that failed last. */
const MAX_ADDRESSES = 1_000

/** What is remembered of an address. */
interface Failure {
  readonly waitMs: number
  /** Until then it learns nothing. */
  readonly until: number
}

export function createTokenGate(token: string, clock: Clock): TokenGate {
  const failures = new Map<string, Failure>()
  const right = digest(token)

  function remember(client: string): void {
    const now = clock.now()
    const before = failures.get(client)
    const isNew = before === undefined || now > before.until + FORGIVEN_AFTER_MS
    const waitMs = isNew ? FIRST_WAIT_MS : Math.min(LONGEST_WAIT_MS, before.waitMs * 2)
    failures.delete(client)
    failures.set(client, { waitMs, until: now + waitMs })
    const [oldest] = failures.keys()
    if (failures.size > MAX_ADDRESSES && oldest !== undefined) failures.delete(oldest)
  }

  return {
    async judge(client, offered) {
      // Digests are of one length, which the comparison needs, and say nothing of the token's.
      const isRight = timingSafeEqual(digest(offered), right)
      if (!isRight) remember(client)
      const until = failures.get(client)?.until ?? 0
      await pause(clock, Math.max(0, until - clock.now()))
      return isRight
    },
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
