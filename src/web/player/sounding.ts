/** Advance of the time that means sound, in milliseconds: more than a player reports late about what it has played. */
const ADVANCE_MS = 200
/** Number of checks in a row without an advance that mean silence. */
const STILL_CHECKS = 12

/**
 * Whether an `<audio>` sounds. Its events alone do not tell: WebKitGTK reports `waiting` just after `playing`, goes on, and reports
 * no `playing` again; when the connection is cut, it may stand still at the end of what it has, and reports nothing. So what
 * its time does counts, too.
 */
export class Sounding {
  /** Time from which an advance is sound, in milliseconds; undefined: it is known to sound. */
  #silentAt: number | undefined = 0
  /** Time at the last check, and number of checks since it has advanced. They are counted, because a page that sleeps has none. */
  #checkedAt = 0
  #stillChecks = 0

  /** A connection begins, or the buffer is empty. @param playedMs time of the player */
  silent(playedMs: number): void {
    this.#silentAt = playedMs
  }

  /** The player reports that it sounds. */
  playing(): void {
    this.#silentAt = undefined
  }

  /** Call at regular intervals. @param playedMs time of the player. @returns whether it has fallen silent without an event */
  hasStopped(playedMs: number): boolean {
    const isStill = playedMs === this.#checkedAt && this.#silentAt === undefined && hasTime(playedMs)
    this.#stillChecks = isStill ? this.#stillChecks + 1 : 0
    this.#checkedAt = playedMs
    if (this.#stillChecks < STILL_CHECKS) return false
    this.silent(playedMs)
    return true
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

/**
 * Whether the time of a player can be that of its sound: FLAC of streamserve sounds in WebKitGTK while the time stands at the end of
 * the first frame, because GStreamer 1.22 starts anew at 0 with each frame that is numbered by samples.
 * @param playedMs time of the player since the connection began
 */
export function hasTime(playedMs: number): boolean {
  return playedMs >= ADVANCE_MS
}
