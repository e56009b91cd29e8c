/**
 * Delay of the audible sound. While a player plays without knowing it (the server's events are away, the player buffers or begins
 * again), the last known one counts, so that a title does not appear before its sound.
 */
export interface HeardDelay {
  /**
   * @param behindMs delay as the player knows it, in milliseconds; undefined: not known
   * @param isStarted the player was started, and not stopped since
   * @returns in milliseconds; undefined: nothing is heard, or the delay was never known
   */
  update(behindMs: number | undefined, isStarted: boolean): number | undefined
  /** The player goes to another place: the last known delay is not that of what is heard next. */
  forget(): void
}

export function createHeardDelay(): HeardDelay {
  let lastMs: number | undefined
  return {
    update(behindMs, isStarted) {
      lastMs = behindMs ?? (isStarted ? lastMs : undefined)
      return lastMs
    },
    forget() {
      lastMs = undefined
    },
  }
}
