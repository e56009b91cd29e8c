import type { WebSocket } from 'ws'
import type { Clock } from '../../system/clock.ts'
import { TokenBucket } from '../../text/token-bucket.ts'
import { CLOSE } from '../../websocket/close-codes.ts'

/** Maximum rate of messages; two probes per second are enough for a listener. */
const MESSAGES_PER_S = 4
const BURST_S = 5
const MAX_PROBE_BYTES = 32

/**
 * Returns short texts unchanged. They arrive after the samples that were sent before, so that a page can measure the delay of
 * these. A connection that sends other or too many messages is closed.
 */
export function answerProbes(opened: WebSocket, clock: Clock): void {
  const messages = new TokenBucket(MESSAGES_PER_S, MESSAGES_PER_S * BURST_S)
  const isOpen = () => opened.readyState === opened.OPEN
  const isOverLimit = () => {
    if (messages.take(1, clock.now())) return false
    opened.close(CLOSE.rateLimit, 'too many messages')
    return true
  }
  opened.on('message', (bytes: Buffer, isBinary) => {
    if (!isOpen() || isOverLimit()) return
    if (isBinary || bytes.length > MAX_PROBE_BYTES) opened.close(CLOSE.invalidMessage, 'a message must be a short text')
    else opened.send(bytes, { binary: false })
  })
  for (const control of ['ping', 'pong'] as const) {
    opened.on(control, () => {
      if (isOpen()) isOverLimit()
    })
  }
  // The library has already answered invalid bytes with a close frame; 'close' follows.
  opened.on('error', () => {})
}
