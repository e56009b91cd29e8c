import type { NatsConnection } from '@nats-io/transport-node'
import { repeat } from '../../system/clock.ts'
import type { Runtime } from '../../system/runtime.ts'

/** Interval of pings, in milliseconds. A stopped server is noticed before the 1.5 s are over that origins send again. */
const PING_EVERY_MS = 500
/** Intervals without an answer after which a server counts as lost, and the most where a round trip takes long. */
const [MAX_UNANSWERED, MOST_UNANSWERED] = [2, 12] as const
/** Round trips that the next one may last, because a network that is busy becomes slower step by step. */
const ROUND_TRIPS = 4

/** Observer of the round trips to a server. */
interface PulseObserver {
  roundTrip(ms: number): void
  /** It has not answered in time, and nothing else has arrived. */
  silent(): void
}

/**
 * Pings a server twice a second. A silence is counted in pings, not in time, because this program may have been stopped meanwhile.
 * @returns ends it
 */
export function startPulse(connection: NatsConnection, { clock }: Runtime, observer: PulseObserver): () => void {
  let unanswered = 0
  let bytes = 0
  let isWaiting = false
  let limit: number = MAX_UNANSWERED
  const answered = (sentAt: number) => {
    isWaiting = false
    unanswered = 0
    const ms = clock.now() - sentAt
    limit = Math.min(MOST_UNANSWERED, MAX_UNANSWERED + Math.floor((ROUND_TRIPS * ms) / PING_EVERY_MS))
    observer.roundTrip(ms)
  }
  const ping = () => {
    if (connection.isClosed()) return
    const { inBytes } = connection.stats()
    if (inBytes !== bytes) unanswered = 0
    bytes = inBytes
    if (isWaiting) {
      if (++unanswered >= limit) observer.silent()
      return
    }
    isWaiting = true
    const sentAt = clock.now()
    // A connection that ends reports that itself.
    connection.flush().then(
      () => answered(sentAt),
      () => undefined,
    )
  }
  ping()
  return repeat(clock, PING_EVERY_MS, async () => ping())
}
