import type { Logger } from '@logtape/logtape'
import { logEvents } from '../src/stream/log-events.ts'
import type { StreamEvent } from '../src/stream/stream-event.ts'
import { Emitter } from '../src/system/emitter.ts'

/** Returns events that are logged, as those of a stream are. */
export function loggedEvents(log: Logger): Emitter<StreamEvent> {
  const events = new Emitter<StreamEvent>()
  logEvents(events, log)
  return events
}

/** Returns a function that logs an event. */
export function logging(log: Logger): (event: StreamEvent) => void {
  const events = loggedEvents(log)
  return (event) => events.emit(event)
}
