import type { ListenerHistory } from './report.ts'

/** Number of listeners of a stream at regular intervals; only the newest points are kept. */
export interface History {
  add(listeners: number): void
  report(): ListenerHistory
}

/** @param everySeconds interval of the points. @param kept maximum number of points. @param first number of the first point. */
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
