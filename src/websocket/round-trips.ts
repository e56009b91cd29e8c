/**
 * Round trips of probes, which show whether sound sent now will arrive in time. The program cannot see the bytes that wait in
 * the kernel and the network, which may be many seconds of Opus. So a probe is sent behind the sound and returned by the other
 * side: while its round trip is little longer than the fastest ones, the queues are empty. The server probes with pings, the
 * page with messages; both use this file.
 */
export interface RoundTrips {
  /** Whether to send a probe: none is in flight, and the last one was sent at least `PROBE_EVERY_MS` ago. */
  isDue(now: number): boolean
  /** Records that a probe is sent. @returns its number */
  sent(now: number): number
  /** Records that a probe has returned; a number that is not in flight is ignored. @returns whether it was in flight */
  returned(id: number, now: number): boolean
  /** Age of the probe in flight, in milliseconds; 0 when there is none. */
  inFlightMs(now: number): number
  /** Whether sound sent now would arrive too late. */
  isLate(now: number): boolean
  /** Duration of the last round trip, in milliseconds; undefined before the first one. */
  readonly lastMs: number | undefined
}

/** Minimum time between two probes. */
const PROBE_EVERY_MS = 100
/** Maximum time that sound may wait in queues. */
const MAX_WAIT_MS = 200
/** Number of trips of which the fastest counts as unhindered. With more, the program adapts slowly to a changed network. */
const REMEMBERED = 8
/** Assumed fastest trip until a probe has returned: one to the other side of the world. */
const SLOWEST_MS = 400

export function createRoundTrips(): RoundTrips {
  const trips: number[] = []
  let id = 0
  let sentAt = Number.NEGATIVE_INFINITY
  let isInFlight = false
  const inFlightMs = (now: number) => (isInFlight ? now - sentAt : 0)
  return {
    get lastMs() {
      return trips.at(-1)
    },
    inFlightMs,
    isDue: (now) => !isInFlight && now - sentAt >= PROBE_EVERY_MS,
    sent(now) {
      sentAt = now
      isInFlight = true
      return ++id
    },
    returned(returnedId, now) {
      if (!isInFlight || returnedId !== id) return false
      isInFlight = false
      trips.push(now - sentAt)
      if (trips.length > REMEMBERED) trips.shift()
      return true
    },
    isLate(now) {
      const fastest = trips.length === 0 ? SLOWEST_MS : Math.min(...trips)
      return inFlightMs(now) > fastest + MAX_WAIT_MS
    },
  }
}
