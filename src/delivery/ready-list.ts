import type { Listener } from './listener.ts'

/**
 * The listeners that can be written to, side by side: a round over thousands of them is a walk through one array. Whoever is
 * still taking its last write is not in here and costs nothing.
 */
export class ReadyList {
  readonly members: Listener[] = []

  add(listener: Listener): void {
    listener.place = this.members.push(listener) - 1
  }

  /** The last member takes the place of the one that goes. */
  remove(listener: Listener): void {
    const { place } = listener
    const last = this.members.pop()
    if (last !== undefined && last !== listener) {
      this.members[place] = last
      last.place = place
    }
    listener.place = -1
  }
}
