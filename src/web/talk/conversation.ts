import type { Codec, ServerMessage } from '../../talk/protocol.ts'
import type { CapturedBlock } from '../audio/capture-messages.ts'
import type { Incoming } from './incoming.ts'
import { openLink } from './link.ts'
import { createOutgoing } from './outgoing.ts'
import type { Situation } from './situation.ts'

/** Messages between this page, the server and the current partner. */
export interface Conversation {
  /** Undefined: without a partner. */
  readonly codec: Codec | undefined
  /** Round trip to the server, in milliseconds. */
  readonly roundTripMs: number | undefined
  /** Sends a block of the microphone. */
  take(block: CapturedBlock): void
  /** Notifies the current partner. */
  announce(isMuted: boolean): void
  end(): void
}

/**
 * @param address of the WebSocket @param codecs those that this browser supports
 * @param changed called with each new situation
 */
export function converse(
  address: URL,
  codecs: readonly Codec[],
  incoming: Incoming,
  changed: (situation: Situation) => void,
): Conversation {
  /** Identifies this page to the server when it reconnects. */
  const me = crypto.randomUUID()
  let codec: Codec | undefined
  let isMuted = false
  let hasLeft = false

  const meet = (next: Codec | undefined) => {
    codec = next
    incoming.clear()
    outgoing.use(codec)
  }
  const wait = (ahead: number) => {
    meet(undefined)
    changed({ kind: 'waiting', ahead, hasLeft })
  }
  const message = (said: ServerMessage) => {
    if (said.type === 'left') hasLeft = true
    else if (said.type === 'waiting') wait(said.ahead)
    else if (said.type === 'muted') changed({ kind: 'connected', partnerMuted: said.muted })
    else if (said.type === 'connected') {
      hasLeft = false
      meet(said.codec)
      changed({ kind: 'connected', partnerMuted: said.partnerMuted })
    }
  }
  const sound = (bytes: ArrayBuffer) => incoming.take(bytes)
  const opened = () => {
    link.say({ type: 'hello', me, codecs })
    if (isMuted) link.say({ type: 'muted', muted: true })
  }
  const lost = (isFull: boolean) => {
    hasLeft = false
    meet(undefined)
    changed({ kind: isFull ? 'full' : 'away' })
  }

  const link = openLink(address, { opened, message, sound, lost })
  const outgoing = createOutgoing((bytes) => link.send(bytes))
  return {
    get codec() {
      return codec
    },
    get roundTripMs() {
      return link.roundTripMs
    },
    take: (block) => outgoing.take(block),
    announce(muted) {
      if (isMuted === muted) return
      isMuted = muted
      link.say({ type: 'muted', muted })
    },
    end() {
      link.close()
      outgoing.use(undefined)
      incoming.clear()
    },
  }
}
