import type { Playback } from '../audio/playback.ts'

/**
 * Playing a little faster makes up for a little delay, but slowly: nobody hears it. After a hitch, of the network or of this
 * machine, more has piled up, and two people who talk must not wait for each other. In milliseconds.
 */
const MAX_SPARE_MS = 60
const FOR_MS = 500

/** Leaves out what has piled up, as soon as it stays. */
export function keepClose(playback: Playback): void {
  let closeAt = performance.now()
  playback.onReport = ({ bufferedMs, targetMs }) => {
    const now = performance.now()
    if (bufferedMs <= targetMs + MAX_SPARE_MS) closeAt = now
    if (now - closeAt < FOR_MS) return
    playback.toLive()
    closeAt = now
  }
}
