/** A person in a room, as the room uses it. */
export interface Guest<Self> {
  /** Identifies the guest when it connects again. */
  readonly me: string
  /** Address under which the guest is counted; see `networkOf`. */
  readonly network: string
  /** Notifies the guest that it has no partner. @param ahead number of guests that entered before */
  wait(ahead: number): void
  /** Notifies the guest of its new partner. */
  meet(partner: Self): void
  /** Notifies the guest that its partner has left; `wait` or `meet` follows. */
  part(): void
  /** Disconnects the guest because it has connected again. */
  replaced(): void
  /** Disconnects the guest because another address needs its place. */
  makeRoom(): void
}

/** Guests in order of arrival: the first two talk with each other, the rest wait until one of them leaves. */
export interface Room<G> {
  readonly size: number
  /** In order of arrival. */
  readonly guests: readonly G[]
  /** Adds a guest; one that is already in the room keeps its place. @returns false when no place is free */
  enter(guest: G): boolean
  leave(guest: G): void
}

const SEATS = 2

export function createRoom<G extends Guest<G>>(maxPeople: number): Room<G> {
  const guests: G[] = []

  function pair(): void {
    const [one, other] = guests
    if (one === undefined) return
    if (other === undefined) return one.wait(0)
    one.meet(other)
    other.meet(one)
  }

  function settle(at: number): void {
    if (at < SEATS) pair()
    else guests[at]?.wait(at)
  }

  /**
   * Removes the newest waiting guest of the address with the most waiting guests.
   * @returns false when that address has less than two more than the newcomer's
   */
  function makeRoomFor({ network: newcomer }: G): boolean {
    const waiting = guests.slice(SEATS)
    const countOf = (network: string) => waiting.filter((guest) => guest.network === network).length
    const most = Math.max(...waiting.map(({ network }) => countOf(network)))
    const loser = waiting.findLast(({ network }) => countOf(network) === most)
    if (loser === undefined || most < countOf(newcomer) + 2) return false
    leave(loser)
    loser.makeRoom()
    return true
  }

  function leave(guest: G): void {
    const at = guests.indexOf(guest)
    if (at === -1) return
    guests.splice(at, 1)
    if (at < SEATS) {
      guests[0]?.part()
      pair()
    }
    for (let place = Math.max(at, SEATS); place < guests.length; place++) settle(place)
  }

  return {
    guests,
    get size() {
      return guests.length
    },
    enter(guest) {
      const known = guests.findIndex(({ me }) => me === guest.me)
      if (known === -1 && guests.length === maxPeople && !makeRoomFor(guest)) return false
      const at = known === -1 ? guests.length : known
      guests[at]?.replaced()
      guests[at] = guest
      settle(at)
      return true
    },
    leave,
  }
}
