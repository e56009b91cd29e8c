import { FairShare } from '../access/fair-share.ts'
import type { Place } from '../access/shares.ts'
import type { Clock } from '../system/clock.ts'
import { MAX_PEOPLE_IN_ROOM, MAX_ROOMS, RESERVED_ROOMS } from './limits.ts'
import { createRoom, type Guest, type Room } from './room.ts'

/** Rooms by name. A room exists while it has guests. */
export interface Rooms<G> {
  /** @returns false when all rooms, or all places in this one, are occupied, and the guest's address has its share */
  enter(name: string, guest: G): boolean
  leave(name: string, guest: G): void
}

/** A room that has guests. It is counted for the address of the guest that has been in it the longest. */
interface OpenedRoom<G> {
  readonly room: Room<G>
  readonly place: Place<string>
}

export function createRooms<G extends Guest<G>>(clock: Clock): Rooms<G> {
  const rooms = new Map<string, OpenedRoom<G>>()
  const pool = new FairShare<string>({ places: MAX_ROOMS, reserved: RESERVED_ROOMS, giveUp: close }, clock)

  function close(name: string): void {
    const guests = [...(rooms.get(name)?.room.guests ?? [])]
    rooms.delete(name)
    for (const guest of guests) guest.makeRoom()
  }

  return {
    enter(name, guest) {
      const opened = rooms.get(name)
      if (opened !== undefined) return opened.room.enter(guest)
      const place = pool.enter(guest.network, name, true)
      if (place === undefined) return false
      const room = createRoom<G>(MAX_PEOPLE_IN_ROOM)
      rooms.set(name, { room, place })
      return room.enter(guest)
    },
    leave(name, guest) {
      const opened = rooms.get(name)
      if (opened === undefined) return
      const { room, place } = opened
      room.leave(guest)
      const [first] = room.guests
      if (first === undefined) {
        pool.leave(place)
        rooms.delete(name)
      } else if (first.network !== place.client) pool.prove(place, first.network)
    },
  }
}
