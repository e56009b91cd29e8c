import { FairShare } from '../access/fair-share.ts'
import type { Place } from '../access/shares.ts'
import type { Clock } from '../system/clock.ts'
import { MAX_PEERS_IN_ROOM, MAX_ROOMS, RESERVED_ROOMS } from './limits.ts'
import { type Member, Room } from './room.ts'

/** A room that has members. It is counted for the address of the member that has been in it the longest. */
interface OpenedRoom<M extends Member<M>> {
  readonly room: Room<M>
  readonly place: Place<string>
}

/** Rooms by name. A room exists while it has members. */
export class Rooms<M extends Member<M>> {
  readonly #rooms = new Map<string, OpenedRoom<M>>()
  readonly #pool: FairShare<string>

  constructor(clock: Clock) {
    const giveUp = (name: string) => this.#close(name)
    this.#pool = new FairShare({ places: MAX_ROOMS, reserved: RESERVED_ROOMS, giveUp }, clock)
  }

  /** @returns false when all rooms, or all places in this one, are occupied, and the member's address has its share */
  enter(name: string, member: M): boolean {
    const opened = this.#rooms.get(name)
    if (opened !== undefined) return opened.room.enter(member)
    const place = this.#pool.enter(member.network, name, true)
    if (place === undefined) return false
    const room = new Room<M>(MAX_PEERS_IN_ROOM)
    this.#rooms.set(name, { room, place })
    return room.enter(member)
  }

  leave(name: string, member: M): void {
    const opened = this.#rooms.get(name)
    if (opened === undefined) return
    const { room, place } = opened
    room.leave(member)
    const [first] = room.members
    if (first === undefined) {
      this.#pool.leave(place)
      this.#rooms.delete(name)
    } else if (first.network !== place.client) this.#pool.prove(place, first.network)
  }

  #close(name: string): void {
    const members = [...(this.#rooms.get(name)?.room.members ?? [])]
    this.#rooms.delete(name)
    for (const member of members) member.evict()
  }
}
