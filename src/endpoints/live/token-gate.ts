import { isSameSecret } from '../../access/passwords/same-secret.ts'
import { remember } from '../../access/remember.ts'
import { type Clock, pause } from '../../system/clock.ts'

/** Checks tokens, and delays the results after failures so that guessing a token takes too long. */
export interface TokenGate {
  /** Resolves to whether a token is right, with a delay after wrong ones. @param client address of the client */
  check(client: string, offered: string): Promise<boolean>
}

/** Delay after the first wrong token of an address, doubled with each further one, and its maximum, in milliseconds. */
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 10_000
/** Time since the last delay of an address after which its failures are forgotten, in milliseconds. */
const FORGIVEN_AFTER_MS = 600_000
/** Maximum number of addresses that are remembered: those with the latest failures. */
const MAX_ADDRESSES = 1_000

/** Failed attempts of an address. */
interface Failure {
  readonly waitMs: number
  /** Results for the address are withheld until this moment. */
  readonly until: number
}

export function createTokenGate(token: string, clock: Clock): TokenGate {
  const failures = new Map<string, Failure>()

  function addFailure(client: string): void {
    const now = clock.now()
    const before = failures.get(client)
    const isNew = before === undefined || now > before.until + FORGIVEN_AFTER_MS
    const waitMs = isNew ? FIRST_WAIT_MS : Math.min(LONGEST_WAIT_MS, before.waitMs * 2)
    remember(failures, client, { waitMs, until: now + waitMs }, MAX_ADDRESSES)
  }

  return {
    async check(client, offered) {
      const isRight = isSameSecret(offered, token)
      if (!isRight) addFailure(client)
      const until = failures.get(client)?.until ?? 0
      await pause(clock, Math.max(0, until - clock.now()))
      return isRight
    },
  }
}
