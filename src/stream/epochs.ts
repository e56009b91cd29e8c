import type { Epoch } from './epoch.ts'

/** The epochs of the frames in a ring, oldest first. */
export class Epochs {
  #all: Epoch[] = []

  /** Adds the epoch of the next frame; drops those whose frames have all left the ring. @param first oldest frame of the ring */
  begin(epoch: Epoch, first: number): void {
    const last = this.#all.at(-1)
    // An epoch without a frame is dropped.
    if (last?.from === epoch.from) this.#all.pop()
    this.#all.push(epoch)
    while ((this.#all[1]?.from ?? Number.POSITIVE_INFINITY) <= first) this.#all.shift()
  }

  /** The epoch of the newest frames; undefined: there were none. */
  get newest(): Epoch | undefined {
    return this.#all.at(-1)
  }

  /** All epochs, oldest first; the first may have no frame in the ring any more. */
  all(): readonly Epoch[] {
    return [...this.#all]
  }

  /** Returns the epoch of a frame; undefined when it has left the ring. */
  at(seq: number): Epoch | undefined {
    return this.#all.findLast(({ from }) => from <= seq)
  }

  /** Returns the first epoch that begins behind a frame; undefined: none does yet. */
  nextAfter(seq: number): Epoch | undefined {
    return (this.newest?.from ?? 0) <= seq ? undefined : this.#all.find(({ from }) => from > seq)
  }

  /** Whether the format has changed behind frame `from` and before frame `to` or with it. */
  hasOther(from: number, to: number): boolean {
    return this.#all.some((epoch) => epoch.isOther && epoch.from > from && epoch.from <= to)
  }

  /** Returns the number of the first frame behind an epoch; undefined: it is the newest. */
  endOf(epoch: Epoch): number | undefined {
    return this.#all[this.#all.indexOf(epoch) + 1]?.from
  }
}
