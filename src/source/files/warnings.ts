import type { Logger } from '@logtape/logtape'

/** Reports a problem of a list. */
export type Warn = (what: string, about: Readonly<Record<string, unknown>>) => void

/** Warnings about a list that is read repeatedly: each is logged once while its cause lasts. */
export interface Warnings {
  readonly warn: Warn
  /** Called before the list is read again. */
  renew(): void
}

/** Maximum number of different warnings per reading: a folder may have any number of unreadable folders. */
const MAX_WARNINGS = 20

/** Makes the warnings of one list. */
export function createWarnings(log: Logger): Warnings {
  let before = new Set<string>()
  let now = new Set<string>()
  return {
    warn(what, about) {
      if (now.size >= MAX_WARNINGS) return
      const warning = JSON.stringify([what, about])
      if (!before.has(warning) && !now.has(warning)) log.warn(what, about)
      now.add(warning)
    },
    renew() {
      before = now
      now = new Set()
    },
  }
}
