import type { Clock } from '../../system/clock.ts'
import { TokenBucket } from '../../text/token-bucket.ts'
import { CLOSE } from '../../websocket/close-codes.ts'
import { ProtocolError } from '../../websocket/protocol-error.ts'

const BYTES_PER_SAMPLE = 2
/** Factor above the nominal rate, because clocks of microphones are not exact, and data arrives in a burst after a stall. */
const TOLERANCE = 1.1
const BURST_S = 5
/** Enough for blocks of 10 ms, and pongs. */
const MESSAGES_PER_S = 200

/** Rate limits of one publisher's connection. Each method throws a ProtocolError when the limit is exceeded. */
export interface PublisherLimits {
  message(): void
  samples(bytes: number): void
  /** The connection was not read for this time, in milliseconds: what was sent meanwhile arrives at once. */
  paused(ms: number): void
}

/** @param rate of the samples, in Hz */
export function createPublisherLimits(rate: number, clock: Clock): PublisherLimits {
  const messages = new TokenBucket(MESSAGES_PER_S, MESSAGES_PER_S * BURST_S)
  const bytesPerS = rate * BYTES_PER_SAMPLE * TOLERANCE
  const bytes = new TokenBucket(bytesPerS, bytesPerS * BURST_S)
  return {
    message: () => check(messages.take(1, clock.now())),
    samples: (length) => check(bytes.take(length, clock.now())),
    paused(ms) {
      messages.credit(ms)
      bytes.credit(ms)
    },
  }
}

function check(isAllowed: boolean): void {
  if (!isAllowed) throw new ProtocolError(CLOSE.rateLimit, 'too many messages or bytes')
}
