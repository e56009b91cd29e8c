import type { Codec } from '../../talk/protocol.ts'
import type { CapturedBlock } from '../audio/capture-messages.ts'
import { createEncoder, type Encoder, type TakePacket } from './encoder.ts'
import { packSound } from './sound-message.ts'

/** Sound on its way to the partner. */
export interface Outgoing {
  /** There is a partner, who reads this codec; undefined: there is none, and what is said is nobody's. */
  use(codec: Codec | undefined): void
  take(block: CapturedBlock): void
}

/** @param send takes a message, or drops it when it would not be in time */
export function createOutgoing(send: (message: Uint8Array<ArrayBuffer>) => void): Outgoing {
  let encoder: Encoder | undefined
  let sequence = 0
  const give: TakePacket = (payload, at, codec) => send(packSound({ codec, sequence: sequence++, at, payload }))
  return {
    use(codec) {
      encoder?.close()
      encoder = codec && createEncoder(codec, give)
    },
    take: (block) => encoder?.encode(block),
  }
}
