import type { Playback } from '../audio/playback.ts'
import { createDecoder, type Decoder } from './decoder.ts'
import { unpackSound } from './sound-message.ts'

/** Receiver of the partner's sound. */
export interface Incoming {
  receive(message: ArrayBuffer): void
  /** Prepares for another partner. */
  clear(): void
  /** Messages that were received, and that are missing before them. */
  readonly counts: { readonly received: number; readonly missing: number }
}

export function createIncoming(playback: Playback): Incoming {
  const counts = { received: 0, missing: 0 }
  let decoder: Decoder | undefined
  let sequence: number | undefined
  let place: number | undefined
  return {
    counts,
    receive(bytes) {
      const message = unpackSound(bytes)
      if (message === undefined) return
      counts.received++
      if (sequence !== undefined) counts.missing += (message.sequence - sequence - 1) >>> 0
      sequence = message.sequence
      place = place === undefined ? message.at : follow(place, message.at)
      decoder ??= createDecoder((samples, at) => playback.push(samples, at))
      decoder.decode({ ...message, at: place })
    },
    clear() {
      decoder?.close()
      decoder = undefined
      sequence = undefined
      place = undefined
      playback.clear()
    },
  }
}

/** Extends a 32-bit number from the last one, across a wrap in either direction. */
function follow(last: number, next: number): number {
  return last + ((next - last) | 0)
}
