import type { Origin } from './origin.ts'

/** Silence of all origins together that is the way's, in milliseconds. */
const SILENCE_MS = 250
/** Time after it in which the messages of the heard origin arrive, if it has sent any, in milliseconds. */
const GRACE_MS = 150

/**
 * Silences of the way from the hub. When nothing of any origin has arrived for a time, it was the way that was silent and not an
 * origin: what the heard one has sent meanwhile is on its way too.
 */
export class WaySilence {
  /** Time until which the heard origin does not count as silent or slow, in milliseconds of the clock. */
  graceUntil = Number.NEGATIVE_INFINITY
  /** When the last message of any origin arrived, in milliseconds of the clock. */
  #arrivedAt = Number.NEGATIVE_INFINITY
  #endedAt = Number.NEGATIVE_INFINITY

  /** A message arrives. @param deliveredAt time of the last delivery: there is one grace after each; undefined: there was none */
  arrived(now: number, origins: Iterable<Origin>, deliveredAt: number | undefined): void {
    let allowanceMs = 0
    for (const origin of origins) allowanceMs = Math.max(allowanceMs, origin.allowanceMs)
    const wasSilent = now - this.#arrivedAt > SILENCE_MS + allowanceMs
    this.#arrivedAt = now
    if (!wasSilent || this.#endedAt >= (deliveredAt ?? now)) return
    this.#endedAt = now
    this.graceUntil = now + GRACE_MS
  }
}
