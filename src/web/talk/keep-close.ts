import type { Playback } from '../audio/playback.ts'

/**
 * Maximum excess delay, and how long it may last, in milliseconds. Slightly faster playback corrects small delays inaudibly
 * but slowly. After a stall of the network or of this machine more has accumulated, which would disturb a conversation.
 */
const MAX_SPARE_MS = 60
const FOR_MS = 500

/** Skips accumulated sound when the excess delay persists. */
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
