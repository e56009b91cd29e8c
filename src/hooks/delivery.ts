import type { ReportedEvent } from '../events/reported-event.ts'
import type { Hook } from '../plan/hooks.ts'

/** An event to deliver. */
export interface Delivery {
  readonly event: ReportedEvent
  readonly hook: Hook
  /** Number of earlier events with this name and stream that were left out since the last one that was delivered. */
  readonly skipped: number
}
