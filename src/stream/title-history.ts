/** A title that was played. */
export interface PlayedTitle {
  /** One line; not empty. */
  readonly text: string
  /** Time of its first frame, in milliseconds of the clock. */
  readonly since: number
}

/** Maximum number of titles. */
const KEPT = 20

/** The last titles of a stream, also those whose frames have left the ring. */
export class TitleHistory {
  /** Newest first. Each change makes a new list, so that values derived from it can be cached by it. */
  all: readonly PlayedTitle[] = []

  /** Adds a title, unless it is the newest one already: a source that is opened again repeats it. */
  add(text: string, since: number): void {
    if (text !== '' && text !== this.all[0]?.text) this.all = [{ text, since }, ...this.all].slice(0, KEPT)
  }
}
