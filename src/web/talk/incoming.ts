import type { Playback } from '../audio/playback.ts'
import { createDecoder, type Decoder } from './decoder.ts'
import { unpackSound } from './sound-message.ts'

/** Sound of the partner. */
export interface Incoming {
  take(message: ArrayBuffer): void
  /** Whoever comes next is somebody else. */
  clear(): void
  /** Messages that came, and that should have come before them. */
  readonly counts: { readonly came: number; readonly missing: number }
}

export function createIncoming(playback: Playback): Incoming {
  const counts = { came: 0, missing: 0 }
  let decoder: Decoder | undefined
  let sequence: number | undefined
  let place: number | undefined
  return {
    counts,
    take(bytes) {
      const message = unpackSound(bytes)
      if (message === undefined) return
      counts.came++
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

/** A number of 32 bits goes on behind the last one, before or after it has wrapped around. */
function follow(last: number, next: number): number {
  return last + ((next - last) | 0)
}
