import type { Logger } from '@logtape/logtape'
import type { Clock } from '../system/clock.ts'

/** Events of one kind are logged together, at most once in this time, in milliseconds. */
const LOG_EVERY_MS = 5_000

/**
 * Creates a warning about events that one client can cause thousands of.
 * @param counted name of the value that holds the number of events since the last warning.
 * @returns a function that reports one event, with values of which the newest are logged.
 */
export function createFoldedWarning(
  message: string,
  counted: string,
  clock: Clock,
  log: Logger,
): (about?: Readonly<Record<string, unknown>>) => void {
  let count = 0
  let newest: Readonly<Record<string, unknown>> = {}
  let isWaiting = false
  const report = () => {
    isWaiting = count > 0
    if (!isWaiting) return
    log.warn(message, { [counted]: count, ...newest })
    count = 0
    clock.after(LOG_EVERY_MS, report)
  }
  return (about = {}) => {
    count++
    newest = about
    if (!isWaiting) report()
  }
}
