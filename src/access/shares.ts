/**
 * Counts the places of each client in a pool, and finds the client with the most. Adding, removing and finding take constant
 * time.
 *
 *      counts       3        2               1
 *                   |        |               |
 *      shares     client   client, client  client, client, client
 *                   |
 *      places     oldest <-> . <-> newest
 */

/** A place in a pool, and the client's next older and newer places. The client does not change while the place is occupied. */
export interface Place<Owner> {
  client: string
  readonly owner: Owner
  /** Whether the client has shown what it connected for: by a request, a greeting, a token. */
  isProven: boolean
  isTaken: boolean
  /** Moment at which the place was created, in milliseconds of the clock. */
  readonly since: number
  older: Place<Owner> | undefined
  newer: Place<Owner> | undefined
}

/** All places of one client; there is at least one. */
export interface Share<Owner> {
  readonly client: string
  count: number
  oldest: Place<Owner> | undefined
  newest: Place<Owner> | undefined
}

export class Shares<Owner> {
  readonly #ofClients = new Map<string, Share<Owner>>()
  readonly #byCount = new Map<number, Set<Share<Owner>>>()
  #largestCount = 0

  /** Share of the client with the most places; undefined when all clients have none. */
  get largest(): Share<Owner> | undefined {
    return this.#byCount.get(this.#largestCount)?.values().next().value
  }

  of(client: string): Share<Owner> | undefined {
    return this.#ofClients.get(client)
  }

  /** @param place is not in any share; it becomes the newest of its client. */
  add(place: Place<Owner>): void {
    const share = this.#ofClients.get(place.client) ?? this.#newShare(place.client)
    place.older = share.newest
    if (share.newest === undefined) share.oldest = place
    else share.newest.newer = place
    share.newest = place
    this.#count(share, share.count + 1)
  }

  /** @param place was added, and not removed since. */
  remove(place: Place<Owner>): void {
    const share = this.#ofClients.get(place.client)
    if (share === undefined) return
    if (place.older === undefined) share.oldest = place.newer
    else place.older.newer = place.newer
    if (place.newer === undefined) share.newest = place.older
    else place.newer.older = place.older
    place.older = undefined
    place.newer = undefined
    this.#count(share, share.count - 1)
    if (share.count === 0) this.#ofClients.delete(share.client)
  }

  #newShare(client: string): Share<Owner> {
    const share = { client, count: 0, oldest: undefined, newest: undefined }
    this.#ofClients.set(client, share)
    return share
  }

  /** A count changes by one, so the largest one does too, at most. */
  #count(share: Share<Owner>, count: number): void {
    const before = this.#byCount.get(share.count)
    before?.delete(share)
    if (before?.size === 0) this.#byCount.delete(share.count)
    share.count = count
    if (count > 0) {
      const alike = this.#byCount.get(count) ?? new Set()
      alike.add(share)
      this.#byCount.set(count, alike)
    }
    if (count > this.#largestCount || !this.#byCount.has(this.#largestCount)) this.#largestCount = count
  }
}
