import { EventLog } from '../../src/events/event-log.ts'
import { reportEvents } from '../../src/events/stream-changes.ts'
import type { Stream } from '../../src/stream/stream.ts'
import type { EventOfStream, StreamEvent } from '../../src/stream/stream-event.ts'
import { Emitter } from '../../src/system/emitter.ts'
import { createManualClock } from '../manual-clock.ts'
import { streamPlan } from '../plans.ts'

/** The reported events of streams that a test makes happen. */
export function keepEvents() {
  const clock = createManualClock(0)
  const log = new EventLog(() => Date.UTC(2026, 0, 1) + clock.now())
  const events = new Emitter<EventOfStream>()
  reportEvents(events, log, clock)
  const kept: Record<string, unknown>[] = []
  log.subscribe(({ event }) => void kept.push(event.values()))
  const streams = new Map<string, Stream>()
  const streamAt = (path: string) => {
    const stream = streams.get(path) ?? ({ path, plan: { ...streamPlan('-demo'), path } } as Stream)
    streams.set(path, stream)
    return stream
  }
  return {
    clock,
    log,
    kept,
    happens: (event: StreamEvent, path = '/radio') => events.emit({ stream: streamAt(path), event }),
    /** Names of the events so far. */
    names: () => kept.map(({ event }) => event),
  }
}

/** Events of an opening. @param pauseMs time until the next one, in milliseconds; undefined: none follows. */
export const opened: StreamEvent = { kind: 'source opened', source: 'ffmpeg -i x', about: {}, isFolded: false }
export const onAir: StreamEvent = { kind: 'source on air', format: 'MP3, 44.1 kHz' }
export function closed(reason: string, pauseMs?: number): StreamEvent {
  const values = { source: 'ffmpeg -i x', about: {}, livedMs: 5, bytes: 9, failed: true, isFolded: false }
  return { kind: 'source closed', ...values, reason, pauseMs, cause: undefined, stderr: undefined }
}

/** Events of a listener. */
export function connected(id: number, user?: string): StreamEvent {
  const address = '192.0.2.7'
  return { kind: 'listener connected', id, address, client: `${address}:${id}`, agent: 'VLC', user }
}
export function disconnected(id: number): StreamEvent {
  const address = '192.0.2.7'
  const totals = { ms: 61_234.5, bytes: 1_000, frames: 10, skipped: 0, reason: 'disconnected' }
  return { kind: 'listener disconnected', id, address, client: `${address}:${id}`, ...totals }
}
