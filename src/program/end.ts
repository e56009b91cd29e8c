import type { Logger } from '@logtape/logtape'
import type { StreamPlan } from '../plan/stream-plan.ts'
import type { OrphanGuard } from '../source/exec/orphan-guard.ts'
import type { Stream } from '../stream/stream.ts'
import { leave } from '../system/leave.ts'
import type { Output } from '../system/output.ts'
import { endListeners } from '../transport/end-listeners.ts'
import type { ServerWithPages } from './create-server.ts'

const ENDED_FOR_GOOD = 'the source has ended and cannot be opened again (-reopen=false makes this a normal end)'

/** The running program, to be ended. */
export interface Running extends ServerWithPages {
  readonly output: Output
  readonly log: Logger
}

/** Kills all children at exit, whatever its cause. */
export function killChildrenAtExit(guard: OrphanGuard): void {
  process.on('exit', () => guard.killAll())
}

/** Ends the program in order on a signal, and at once on a second one. @param hangup whether SIGHUP ends it too */
export function endOnSignals(running: Running, hangup: boolean): void {
  let asked = false
  for (const signal of ['SIGTERM', 'SIGINT', ...(hangup ? (['SIGHUP'] as const) : [])] as const) {
    process.on(signal, () => {
      if (asked) {
        void leave(1, running.output)
        return
      }
      asked = true
      running.log.info('shutdown started', { signal })
      void endAll(running, signal).then(() => leave(0, running.output))
    })
  }
}

/**
 * Stops accepting connections, ends the listeners of all threads and closes the sources, within a limited time; then completes
 * the recordings, and ends the hooks of all that.
 */
async function endAll(running: Running, reason: string): Promise<void> {
  const {
    registry,
    deliveryOf,
    frontDoor,
    threads,
    pages,
    clients,
    eventLog,
    hooks,
    current,
    recordings,
    hub,
    announcing,
  } = running
  const secondsUp = Math.round(process.uptime() * 1000) / 1000
  eventLog.add('stop', null, { reason, secondsUp }, current.plan.hooks)
  running.stopCertificate()
  const withdrawn = announcing?.end()
  const streams = [...registry.streams()]
  const closed = [pages.close(), ...streams.map((stream) => stream.stop('shutting down'))]
  await Promise.all([threads.end(), endListeners(streams, deliveryOf, frontDoor, closed)])
  await recordings.end()
  await Promise.all([clients.end(), hooks.end(), hub?.close(), withdrawn])
}

/**
 * Ends the program once a stream has ended for good and its listeners have received the rest of its ring. The exit code is 0 only
 * when the user requested the end of the program with the end of the source, because a service that exits with 0 is not restarted.
 */
export async function endWithStream(stream: Stream, running: Running): Promise<void> {
  const failure = (await stream.finished) ?? (isEndWanted(stream.plan) ? undefined : new Error(ENDED_FOR_GOOD))
  // A reload has replaced the stream.
  if (!isCurrent(stream, running)) return
  running.frontDoor.shut()
  await running.threads.shut()
  await Promise.all([running.deliveryOf(stream).whenEmpty(), running.threads.whenEmpty(stream)])
  const reason = failure?.message ?? 'the source has ended'
  running.log.info('shutdown started', { reason })
  await endAll(running, reason)
  await leave(failure === undefined ? 0 : 1, running.output)
}

/** Logs the end of a stream that ends nothing but itself: its listeners get the rest of its ring, and then it answers with 503. */
export async function logEndOf(stream: Stream, running: Running): Promise<void> {
  const failure = await stream.finished
  if (!isCurrent(stream, running)) return
  const reason = failure?.message ?? 'the source has ended'
  if (failure === undefined) stream.log.info('stream ended', { reason })
  else stream.log.error('stream ended', { reason })
}

function isCurrent(stream: Stream, { registry }: Running): boolean {
  return [...registry.streams()].includes(stream)
}

function isEndWanted({ supervision, sources }: StreamPlan): boolean {
  return !supervision.reopen || sources.some((source) => source.kind === 'play' && !source.loop)
}
