/** Knows where it stands in the list; -1 while it is in none. */
interface Placed {
  place: number
}

/**
 * The listeners that can be written to, side by side: a round over thousands of them is a walk through one array. Whoever is
 * still taking its last write is not in here and costs nothing.
 *
 *      [ served | served | served | to come | to come | came since ]
 *                                  ^ next
 *
 * The walk goes from the first who came to the last: so lie their sockets in the kernel's memory, which is read faster that way.
 */
export class ReadyList<Member extends Placed> {
  readonly #members: Member[] = []
  /** Where the walk has come to. */
  #next = 0

  get size(): number {
    return this.#members.length
  }

  /** How many have not had their turn in this walk. */
  get toCome(): number {
    return this.#members.length - this.#next
  }

  add(member: Member): void {
    member.place = this.#members.push(member) - 1
  }

  /** Its place is filled so that the walk leaves nobody out: by one who has had a turn, if it had one itself. */
  remove(member: Member): void {
    let hole = member.place
    member.place = -1
    if (hole < this.#next) hole = this.#fill(hole, --this.#next)
    this.#fill(hole, this.#members.length - 1)
    this.#members.pop()
  }

  startWalk(): void {
    this.#next = 0
  }

  /** Whose turn it is now; undefined when the walk is over. */
  walkOn(): Member | undefined {
    return this.toCome > 0 ? this.#members[this.#next++] : undefined
  }

  /** @returns the place that is free now. */
  #fill(hole: number, from: number): number {
    const moved = this.#members[from]
    if (from === hole || moved === undefined) return hole
    this.#members[hole] = moved
    moved.place = hole
    return from
  }
}
