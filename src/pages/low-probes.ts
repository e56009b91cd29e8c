import type { WebSocket } from 'ws'
import type { Clock } from '../system/clock.ts'
import { createAllowance } from '../talk/allowance.ts'

/** A listener that asks twice a second asks often. */
const MESSAGES_PER_S = 4
const BURST_S = 5
const MAX_PROBE_BYTES = 32

/** RFC 6455, section 7.4. */
const NOT_UNDERSTOOD = 1003
const TOO_MUCH = 1008

/**
 * Sends short texts back as they are: they come behind the samples that were sent before, and so tell a page how long these take.
 * Whoever sends anything else, or too much, is closed.
 */
export function answerProbes(opened: WebSocket, clock: Clock): void {
  const messages = createAllowance(MESSAGES_PER_S, BURST_S)
  const isOpen = () => opened.readyState === opened.OPEN
  const isTooMuch = () => {
    if (messages.take(1, clock.now())) return false
    opened.close(TOO_MUCH, 'these are too many messages')
    return true
  }
  opened.on('message', (bytes: Buffer, isBinary) => {
    if (!isOpen() || isTooMuch()) return
    if (isBinary || bytes.length > MAX_PROBE_BYTES) opened.close(NOT_UNDERSTOOD, 'short texts only')
    else opened.send(bytes, { binary: false })
  })
  for (const control of ['ping', 'pong'] as const) {
    opened.on(control, () => {
      if (isOpen()) isTooMuch()
    })
  }
  // What is wrong with the bytes has been answered by the library, with a close frame; 'close' follows.
  opened.on('error', () => {})
}
