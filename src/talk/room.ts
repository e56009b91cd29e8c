/** Somebody in a room, as the room sees them. */
export interface Guest<Self> {
  /** A word of their own, by which they are known when they come back over another connection. */
  readonly me: string
  /** The address that they count for; see `networkOf`. */
  readonly network: string
  /** Nobody to talk with: so many people came before. */
  wait(ahead: number): void
  /** From now on they talk with this one. */
  meet(partner: Self): void
  /** Whom they talked with has left; `wait` or `meet` follows. */
  part(): void
  /** They are here over another connection. */
  giveWay(): void
  /** Their place is needed for another address. */
  makeRoom(): void
}

/** People in the order in which they came: the first two talk with each other, the others wait for one of them to go. */
export interface Room<G> {
  readonly size: number
  /** In the order in which they came. */
  readonly guests: readonly G[]
  /** Who is here already gets no other place. @returns false when there is none */
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

  /** One of those who wait makes room, the newest from the address that most wait from, unless the newcomer's has its share. */
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
      guests[at]?.giveWay()
      guests[at] = guest
      settle(at)
      return true
    },
    leave,
  }
}
