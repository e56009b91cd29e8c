import type { ListenerHistory } from './report.ts'

/** How many listened to a stream, at points of time that are equally far apart; only the last ones are kept. */
export interface History {
  add(listeners: number): void
  report(): ListenerHistory
}

/** @param everySeconds how far apart the points are. @param kept how many are kept. @param first the number of the first one. */
export function createHistory(everySeconds: number, kept: number, first: number): History {
  const listeners: number[] = []
  let from = first
  return {
    add(count) {
      listeners.push(count)
      if (listeners.length <= kept) return
      listeners.shift()
      from++
    },
    report: () => ({ everySeconds, from, listeners: listeners.slice() }),
  }
}
