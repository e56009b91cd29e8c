/** A member of a room, as the room uses it. */
export interface Member<Self> {
  /** Identifies the member when it connects again. */
  readonly me: string
  /** Address under which the member is counted; see `networkOf`. */
  readonly network: string
  /** Notifies the member that it has no partner. @param ahead number of members that entered before */
  wait(ahead: number): void
  /** Notifies the member of its new partner. */
  pair(partner: Self): void
  /** Notifies the member that its partner has left; `wait` or `pair` follows. */
  unpair(): void
  /** Disconnects the member because it has connected again. */
  replace(): void
  /** Disconnects the member because another address needs its place. */
  evict(): void
}

/** Number of members that talk. */
const TALKING = 2

/** Members in order of arrival: the first two talk with each other, the rest wait until one of them leaves. */
export class Room<M extends Member<M>> {
  readonly #members: M[] = []
  readonly #maxMembers: number

  constructor(maxMembers: number) {
    this.#maxMembers = maxMembers
  }

  /** In order of arrival. */
  get members(): readonly M[] {
    return this.#members
  }

  /** Adds a member; one that is already in the room keeps its place. @returns false when no place is free */
  enter(member: M): boolean {
    const known = this.#members.findIndex(({ me }) => me === member.me)
    const isFull = known === -1 && this.#members.length === this.#maxMembers
    if (isFull && !this.#makeRoomFor(member)) return false
    const place = known === -1 ? this.#members.length : known
    this.#members[place]?.replace()
    this.#members[place] = member
    this.#notify(place)
    return true
  }

  leave(member: M): void {
    const place = this.#members.indexOf(member)
    if (place === -1) return
    this.#members.splice(place, 1)
    if (place < TALKING) {
      this.#members[0]?.unpair()
      this.#pair()
    }
    for (let next = Math.max(place, TALKING); next < this.#members.length; next++) this.#notify(next)
  }

  #notify(place: number): void {
    if (place < TALKING) this.#pair()
    else this.#members[place]?.wait(place)
  }

  #pair(): void {
    const [one, other] = this.#members
    if (one === undefined) return
    if (other === undefined) return one.wait(0)
    one.pair(other)
    other.pair(one)
  }

  /**
   * Removes the newest waiting member of the address with the most waiting members.
   * @returns false when that address has less than two more than that of `newcomer`
   */
  #makeRoomFor(newcomer: M): boolean {
    const waiting = this.#members.slice(TALKING)
    const countOf = (network: string) => waiting.filter((member) => member.network === network).length
    const most = Math.max(...waiting.map(({ network }) => countOf(network)))
    const evicted = waiting.findLast(({ network }) => countOf(network) === most)
    if (evicted === undefined || most < countOf(newcomer.network) + 2) return false
    this.leave(evicted)
    evicted.evict()
    return true
  }
}
