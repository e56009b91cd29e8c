import type { Codec } from '../../talk/protocol.ts'
import type { CapturedBlock } from '../audio/capture-messages.ts'
import { createEncoder, type EmitPacket, type Encoder } from './encoder.ts'
import { packSound } from './sound-message.ts'

/** Sender of sound to the partner. */
export interface Outgoing {
  /** Sets the codec that the partner reads; undefined: without a partner, sound is dropped. */
  use(codec: Codec | undefined): void
  send(block: CapturedBlock): void
}

/** @param sendMessage sends a message, or drops it when it would be late */
export function createOutgoing(sendMessage: (message: Uint8Array<ArrayBuffer>) => void): Outgoing {
  let encoder: Encoder | undefined
  let sequence = 0
  const emit: EmitPacket = (payload, at, codec) => sendMessage(packSound({ codec, sequence: sequence++, at, payload }))
  return {
    use(codec) {
      encoder?.close()
      encoder = codec && createEncoder(codec, emit)
    },
    send: (block) => encoder?.encode(block),
  }
}
