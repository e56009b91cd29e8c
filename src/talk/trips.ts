/**
 * Whether sound that is sent now will be in time. What waits in the kernel and the network cannot be seen from here, and may be
 * many seconds of Opus. So a probe travels behind the sound and comes back: as long as it takes little longer than probes do when
 * nothing is in their way, nothing waits. The server probes with pings, the page with messages; both use this file.
 */
export interface Trips {
  /** None is under way, and the last one left some time ago. */
  isDue(now: number): boolean
  /** A probe leaves. @returns its number */
  leave(now: number): number
  /** A probe came back. One that is not under way is of no account. @returns whether it was */
  arrive(id: number, now: number): boolean
  /** How long the probe that is under way has been, in milliseconds; 0 when there is none. */
  underWayMs(now: number): number
  /** What is sent now would come too late. */
  isLate(now: number): boolean
  /** How long the last one took, in milliseconds; undefined before. */
  readonly lastMs: number | undefined
}

/** All times are in milliseconds. */
const PROBE_EVERY_MS = 100
/** Sound may wait for so long on its way. */
const MAX_WAIT_MS = 200
/** The fastest of so many trips is one that nothing was in the way of. More, and a network that has changed is learnt slowly. */
const REMEMBERED = 8
/** As long as none has come back: from the other side of the world. */
const SLOWEST_MS = 400

export function createTrips(): Trips {
  const trips: number[] = []
  let id = 0
  let leftAt = Number.NEGATIVE_INFINITY
  let isUnderWay = false
  const underWayMs = (now: number) => (isUnderWay ? now - leftAt : 0)
  return {
    get lastMs() {
      return trips.at(-1)
    },
    underWayMs,
    isDue: (now) => !isUnderWay && now - leftAt >= PROBE_EVERY_MS,
    leave(now) {
      leftAt = now
      isUnderWay = true
      return ++id
    },
    arrive(arrived, now) {
      if (!isUnderWay || arrived !== id) return false
      isUnderWay = false
      trips.push(now - leftAt)
      if (trips.length > REMEMBERED) trips.shift()
      return true
    },
    isLate(now) {
      const fastest = trips.length === 0 ? SLOWEST_MS : Math.min(...trips)
      return underWayMs(now) > fastest + MAX_WAIT_MS
    },
  }
}
