import type { JoinPoint, JoinRequest } from './messages.ts'

/** Frames at which listeners can begin. Only the filter knows them, and it runs in the main thread. */
export interface JoinPoints {
  /**
   * @returns the bytes before frame `at`; null when no listener can begin there; undefined while the main thread has not
   * answered.
   */
  find(at: number, joining: boolean, missedFrom: number): Buffer | null | undefined
  /** Adds an answer of the main thread. */
  take(joinPoint: JoinPoint): void
}

/** Maximum answers that are kept: listeners that connect or skip at the same time begin at the same frame. */
const REMEMBERED = 64

/** A request to the main thread, with its answer once that has arrived. */
interface Question {
  readonly request: JoinRequest
  at: number
  preamble: Buffer | null | undefined
}

/** @param ask posts a request to the main thread. */
export function createJoinPoints(ask: (request: JoinRequest) => void): JoinPoints {
  const questions: Question[] = []
  return {
    find(at, joining, missedFrom) {
      for (const { request, at: found, preamble } of questions) {
        if (request.joining !== joining || request.missedFrom !== missedFrom || at < request.from) continue
        if (at < found) return null
        if (at === found && preamble !== null) return preamble
      }
      const request = { from: at, joining, missedFrom }
      questions.push({ request, at, preamble: undefined })
      if (questions.length > REMEMBERED) questions.shift()
      ask(request)
      return undefined
    },
    take({ from, joining, missedFrom, at, preamble }) {
      const question = questions.find(
        ({ request }) => request.from === from && request.joining === joining && request.missedFrom === missedFrom,
      )
      if (question === undefined) return
      question.at = at
      question.preamble = preamble === null ? null : Buffer.from(preamble.buffer, preamble.byteOffset, preamble.length)
    },
  }
}
