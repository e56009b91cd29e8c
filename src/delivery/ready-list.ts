/** Member that holds its index in the list; -1 while it is not in one. */
interface Placed {
  index: number
}

/**
 * The writable listeners in one array, so that a round over thousands of them is a linear walk. A listener with a pending write
 * is not in the list and costs nothing.
 *
 *      [ served | served | served | waiting | waiting | added since ]
 *                                  ^ next
 *
 * The walk follows the order in which members were added, and so that of their sockets in the kernel's memory, which are read
 * faster that way.
 */
export class ReadyList<Member extends Placed> {
  readonly #members: Member[] = []
  /** Index at which the walk continues. */
  #next = 0

  get size(): number {
    return this.#members.length
  }

  /** Number of members not visited yet in this walk. */
  get toCome(): number {
    return this.#members.length - this.#next
  }

  add(member: Member): void {
    member.index = this.#members.push(member) - 1
  }

  /** Removes a member without making the walk miss another one: the gap of a visited member is filled by a visited one. */
  remove(member: Member): void {
    let hole = member.index
    member.index = -1
    if (hole < this.#next) hole = this.#fill(hole, --this.#next)
    this.#fill(hole, this.#members.length - 1)
    this.#members.pop()
  }

  startWalk(): void {
    this.#next = 0
  }

  /** Returns the next member of the walk; undefined at its end. */
  walkOn(): Member | undefined {
    return this.toCome > 0 ? this.#members[this.#next++] : undefined
  }

  /** @returns the index that is free now. */
  #fill(hole: number, from: number): number {
    const moved = this.#members[from]
    if (from === hole || moved === undefined) return hole
    this.#members[hole] = moved
    moved.index = hole
    return from
  }
}
