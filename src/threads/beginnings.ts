import type { Beginning, Wish } from './messages.ts'

/** Where listeners can begin is known to the filter, and that is in the main thread. */
export interface Beginnings {
  /** @returns what goes before frame `at`; null when nobody can begin there; undefined: the main thread has been asked. */
  find(at: number, joining: boolean, missedFrom: number): Buffer | null | undefined
  /** The main thread has answered. */
  take(beginning: Beginning): void
}

/** So many are remembered: many listeners that come, or skip, at one time begin at the same frame. */
const REMEMBERED = 64

/** One that was asked for, and the answer when it has come. */
interface Question {
  readonly wish: Wish
  at: number
  preamble: Buffer | null | undefined
}

/** @param ask asks the main thread. */
export function createBeginnings(ask: (wish: Wish) => void): Beginnings {
  const questions: Question[] = []
  return {
    find(at, joining, missedFrom) {
      for (const { wish, at: found, preamble } of questions) {
        if (wish.joining !== joining || wish.missedFrom !== missedFrom || at < wish.from) continue
        if (at < found) return null
        if (at === found && preamble !== null) return preamble
      }
      const wish = { from: at, joining, missedFrom }
      questions.push({ wish, at, preamble: undefined })
      if (questions.length > REMEMBERED) questions.shift()
      ask(wish)
      return undefined
    },
    take({ from, joining, missedFrom, at, preamble }) {
      const question = questions.find(
        ({ wish }) => wish.from === from && wish.joining === joining && wish.missedFrom === missedFrom,
      )
      if (question === undefined) return
      question.at = at
      question.preamble = preamble === null ? null : Buffer.from(preamble.buffer, preamble.byteOffset, preamble.length)
    },
  }
}
