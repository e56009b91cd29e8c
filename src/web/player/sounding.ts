/** Advance of the time that means sound, in milliseconds: more than a player reports late about what it has played. */
const ADVANCE_MS = 200

/**
 * Whether an `<audio>` sounds. Its events alone do not tell: WebKitGTK reports `waiting` just after `playing`, goes on, and reports
 * no `playing` again. So an advance of its time counts as sound, too.
 */
export class Sounding {
  /** Time from which an advance is sound, in milliseconds; undefined: it is known to sound. */
  #silentAt: number | undefined = 0

  /** A connection begins, or the buffer is empty. @param playedMs time of the player */
  silent(playedMs: number): void {
    this.#silentAt = playedMs
  }

  /** The player reports that it sounds. */
  playing(): void {
    this.#silentAt = undefined
  }

  /** @param playedMs time of the player. @returns whether it sounds, which was not known */
  hasBegun(playedMs: number): boolean {
    if (this.#silentAt === undefined) return false
    if (playedMs < this.#silentAt) this.#silentAt = playedMs
    if (playedMs - this.#silentAt < ADVANCE_MS) return false
    this.#silentAt = undefined
    return true
  }
}
