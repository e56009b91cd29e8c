import type { FrameWatcher } from './frame-watcher.ts'

/** Does nothing: in place of a watcher that is not there. */
const NONE: FrameWatcher = {
  pauseMs: Number.POSITIVE_INFINITY,
  frameCame() {},
  chunkEnded() {},
  formatChanged() {},
  openingEnded() {},
  sourceRefused() {},
  streamFinished() {},
}

/** The watchers of a stream. A list is made for each change, so that a call for each frame only walks along an array. */
export class WatcherList {
  /** Notifies all watchers. With one watcher it is that watcher itself, so that its calls cost nothing more. */
  all: FrameWatcher
  /** In place of watchers while there are none. */
  readonly #none: FrameWatcher
  #watchers: FrameWatcher[] = []

  /** @param idlePauseMs pause of reading while there are no watchers, in milliseconds */
  constructor(idlePauseMs: () => number = () => 0) {
    this.#none = {
      ...NONE,
      get pauseMs() {
        return idlePauseMs()
      },
    }
    this.all = this.#none
  }

  /**
   * Adds a watcher, which is notified from the next event on.
   * @param order whether it is notified before or after those that are there.
   * @returns removes it: it is not notified any more, even if that happens while others are being notified.
   */
  add(watcher: FrameWatcher, order: 'first' | 'last'): () => void {
    this.#use(order === 'first' ? [watcher, ...this.#watchers] : [...this.#watchers, watcher])
    return () => this.#remove(watcher)
  }

  #remove(watcher: FrameWatcher): void {
    const before = this.#watchers
    const at = before.indexOf(watcher)
    if (at === -1) return
    this.#use(before.toSpliced(at, 1))
    // A call may be walking along the list of before.
    before[at] = NONE
  }

  #use(watchers: FrameWatcher[]): void {
    this.#watchers = watchers
    this.all = watchers.length > 1 ? new SeveralWatchers(watchers) : (watchers[0] ?? this.#none)
  }
}

/** Notifies watchers one after the other. */
class SeveralWatchers implements FrameWatcher {
  readonly #watchers: readonly FrameWatcher[]

  constructor(watchers: readonly FrameWatcher[]) {
    this.#watchers = watchers
  }

  get pauseMs(): number {
    let least = Number.POSITIVE_INFINITY
    for (const watcher of this.#watchers) least = Math.min(least, watcher.pauseMs)
    return least
  }

  /** Hot path. */
  frameCame(bytes: number): void {
    for (const watcher of this.#watchers) watcher.frameCame(bytes)
  }

  chunkEnded(): void {
    for (const watcher of this.#watchers) watcher.chunkEnded()
  }

  formatChanged(): void {
    for (const watcher of this.#watchers) watcher.formatChanged()
  }

  openingEnded(): void {
    for (const watcher of this.#watchers) watcher.openingEnded()
  }

  sourceRefused(why: string): void {
    for (const watcher of this.#watchers) watcher.sourceRefused(why)
  }

  streamFinished(): void {
    for (const watcher of this.#watchers) watcher.streamFinished()
  }
}
