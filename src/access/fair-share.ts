import type { Clock } from '../system/clock.ts'
import { type Place, Shares } from './shares.ts'

/** Options of a pool. */
export interface FairShareOptions<Owner> {
  /** Number of places. */
  readonly places: number
  /** Number of places that a client may have in a full pool although those of other clients are proven. */
  readonly reserved: number
  /** Time in milliseconds after which the same client's next place may replace an unproven one; undefined: never. */
  readonly proofWithinMs?: number
  /** Ends the owner of a place that another client needs. The place is free already. */
  readonly giveUp: (owner: Owner) => void
}

/**
 * Shares a limited number of places among clients. While places are free, a client may have any number of them. In a full pool,
 * the client with the most loses one to a client with fewer: unproven ones first, oldest first, and then proven ones, newest
 * first.
 */
export class FairShare<Owner> {
  readonly #unproven = new Shares<Owner>()
  readonly #proven = new Shares<Owner>()
  readonly #options: FairShareOptions<Owner>
  readonly #clock: Clock
  #size = 0

  constructor(options: FairShareOptions<Owner>, clock: Clock) {
    this.#options = options
    this.#clock = clock
  }

  /** Number of occupied places. */
  get size(): number {
    return this.#size
  }

  /**
   * Adds a place for a client; in a full pool, it replaces another one.
   * @param client see `networkOf`. @returns undefined when the client has its fair share already
   */
  enter(client: string, owner: Owner, isProven: boolean): Place<Owner> | undefined {
    if (this.#size >= this.#options.places && !this.makeRoomFor(client)) return undefined
    const place = {
      client,
      owner,
      isProven,
      isTaken: true,
      since: this.#clock.now(),
      older: undefined,
      newer: undefined,
    }
    this.#add(place)
    return place
  }

  /** Frees a place; does nothing when it is already free. */
  leave(place: Place<Owner>): void {
    if (!place.isTaken) return
    place.isTaken = false
    this.#sharesOf(place).remove(place)
    this.#size--
  }

  /** Marks a place as proven: its client has shown what it connected for. @param client client of the place from now on */
  prove(place: Place<Owner>, client = place.client): void {
    if (!place.isTaken) return
    this.leave(place)
    place.client = client
    place.isProven = true
    this.#add(place)
  }

  /** Frees a place for another client, if it may have one. @param client see `networkOf`. @returns false when it may not */
  makeRoomFor(client: string): boolean {
    const place = this.#placeFor(client)
    if (place === undefined) return false
    this.leave(place)
    this.#options.giveUp(place.owner)
    return true
  }

  /** Whether a client has fewer places than those that are reserved for it. */
  hasFew(client: string): boolean {
    return this.#countOf(client) < this.#options.reserved
  }

  #add(place: Place<Owner>): void {
    place.isTaken = true
    this.#sharesOf(place).add(place)
    this.#size++
  }

  #placeFor(client: string): Place<Owner> | undefined {
    const { reserved, proofWithinMs = Number.POSITIVE_INFINITY } = this.#options
    const own = this.#unproven.of(client)
    const unproven = own?.count ?? 0
    const all = this.#countOf(client)
    const idle = this.#unproven.largest
    // With a difference of two, the loser still has at least as many. A client's reserved ones are safe from clients with more.
    const hasMore = idle !== undefined && (idle.count > reserved || this.#countOf(idle.client) >= all + 2)
    if (hasMore && idle.count >= unproven + 2) return idle.oldest
    const busy = this.#proven.largest
    if (busy !== undefined && all < reserved && busy.count >= all + 2) return busy.newest
    const oldest = own?.oldest
    return oldest !== undefined && this.#clock.now() - oldest.since >= proofWithinMs ? oldest : undefined
  }

  #countOf(client: string): number {
    return (this.#unproven.of(client)?.count ?? 0) + (this.#proven.of(client)?.count ?? 0)
  }

  #sharesOf({ isProven }: Place<Owner>): Shares<Owner> {
    return isProven ? this.#proven : this.#unproven
  }
}
