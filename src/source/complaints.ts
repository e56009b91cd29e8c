import type { Logger } from '@logtape/logtape'

/** Says what is wrong with a list. */
export type Complain = (what: string, about: Readonly<Record<string, unknown>>) => void

/** Warnings about a list that is read again and again: each is told once, as long as it goes on to be true. */
export interface Complaints {
  readonly complain: Complain
  /** The list is read anew. */
  renew(): void
}

/** Maximum different warnings of one reading: a folder may have any number of folders that cannot be read. */
const MAX_COMPLAINTS = 20

/** Makes the warnings of one list. */
export function createComplaints(log: Logger): Complaints {
  let before = new Set<string>()
  let now = new Set<string>()
  return {
    complain(what, about) {
      if (now.size >= MAX_COMPLAINTS) return
      const complaint = JSON.stringify([what, about])
      if (!before.has(complaint) && !now.has(complaint)) log.warn(what, about)
      now.add(complaint)
    },
    renew() {
      before = now
      now = new Set()
    },
  }
}
