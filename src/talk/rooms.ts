import { MAX_PEOPLE_IN_ROOM, MAX_ROOMS } from './limits.ts'
import { createRoom, type Guest, type Room } from './room.ts'

/** The rooms by name. One is there as long as somebody is in it. */
export interface Rooms<G> {
  /** @returns false when all rooms, or all places in this one, are taken */
  enter(name: string, guest: G): boolean
  leave(name: string, guest: G): void
}

export function createRooms<G extends Guest<G>>(): Rooms<G> {
  const rooms = new Map<string, Room<G>>()
  return {
    enter(name, guest) {
      const room = rooms.get(name)
      if (room !== undefined) return room.enter(guest)
      if (rooms.size === MAX_ROOMS) return false
      const opened = createRoom<G>(MAX_PEOPLE_IN_ROOM)
      rooms.set(name, opened)
      return opened.enter(guest)
    },
    leave(name, guest) {
      const room = rooms.get(name)
      room?.leave(guest)
      if (room?.size === 0) rooms.delete(name)
    },
  }
}
