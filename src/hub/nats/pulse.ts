import type { NatsConnection } from '@nats-io/transport-node'
import { repeat } from '../../system/clock.ts'
import type { Runtime } from '../../system/runtime.ts'

/** Interval of pings, in milliseconds. */
const PING_EVERY_MS = 1_000
/** Pings without an answer, in a row, after which a server counts as lost. */
const MAX_UNANSWERED = 2

/** Observer of the round trips to a server. */
interface PulseObserver {
  roundTrip(ms: number): void
  /** It has not answered in time, and nothing else has arrived. */
  silent(): void
}

/**
 * Pings a server every second. A silence is counted in pings, not in time, because this program may have been stopped meanwhile.
 * @returns ends it
 */
export function startPulse(connection: NatsConnection, { clock }: Runtime, observer: PulseObserver): () => void {
  let unanswered = 0
  let bytes = 0
  let isWaiting = false
  const answered = (sentAt: number) => {
    isWaiting = false
    unanswered = 0
    observer.roundTrip(clock.now() - sentAt)
  }
  const ping = () => {
    if (connection.isClosed()) return
    const { inBytes } = connection.stats()
    if (inBytes !== bytes) unanswered = 0
    bytes = inBytes
    if (isWaiting) {
      if (++unanswered >= MAX_UNANSWERED) observer.silent()
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
