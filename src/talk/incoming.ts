import type { Clock } from '../system/clock.ts'
import { TokenBucket } from '../text/token-bucket.ts'
import { CLOSE } from '../websocket/close-codes.ts'
import { ProtocolError } from '../websocket/protocol-error.ts'
import { BURST_S, BYTES_PER_S, MAX_TEXT_BYTES, MESSAGES_PER_S, TEXTS_PER_S } from './limits.ts'
import { parseMessage } from './parse-message.ts'
import { type ClientMessage, SOUND_HEADER_BYTES } from './protocol.ts'

/** Checks the messages of one page. Each method throws a ProtocolError when a limit is exceeded or the message is invalid. */
export interface Incoming {
  /** A ping or a pong. */
  control(bytes: Buffer): void
  sound(bytes: Buffer): void
  text(bytes: Buffer): ClientMessage
}

export function createIncoming(clock: Clock): Incoming {
  const messages = new TokenBucket(MESSAGES_PER_S, MESSAGES_PER_S * BURST_S)
  const texts = new TokenBucket(TEXTS_PER_S, TEXTS_PER_S * BURST_S)
  const payload = new TokenBucket(BYTES_PER_S, BYTES_PER_S * BURST_S)

  function count(bytes: Buffer): void {
    const now = clock.now()
    const isAllowed = messages.take(1, now) && payload.take(bytes.length, now)
    if (!isAllowed) throw new ProtocolError(CLOSE.rateLimit, 'too many messages or bytes')
  }

  return {
    control: count,
    sound(bytes) {
      count(bytes)
      if (bytes.length <= SOUND_HEADER_BYTES)
        throw new ProtocolError(CLOSE.invalidMessage, 'a sound message is too short')
    },
    text(bytes) {
      count(bytes)
      if (!texts.take(1, clock.now())) throw new ProtocolError(CLOSE.rateLimit, 'too many text messages')
      if (bytes.length > MAX_TEXT_BYTES) throw new ProtocolError(CLOSE.invalidMessage, 'a text message is too long')
      return parseMessage(bytes.toString())
    },
  }
}
