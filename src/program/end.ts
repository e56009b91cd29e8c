import type { Logger } from '@logtape/logtape'
import type { DeliveryOf } from '../delivery/deliveries.ts'
import type { OrphanGuard } from '../source/exec/orphan-guard.ts'
import type { Station } from '../station/station.ts'
import type { Stream } from '../stream/stream.ts'
import { leave } from '../system/leave.ts'
import type { Output } from '../system/output.ts'
import type { Threads } from '../threads/threads.ts'
import { endListeners } from '../transport/end-listeners.ts'
import type { FrontDoor } from '../transport/front-door.ts'
import type { OpenedPages } from './open-pages.ts'

const ENDED_FOR_GOOD = 'the source has ended and cannot be opened again (-reopen=false makes this a normal end)'

/** Parts of the program that are ended with it. */
export interface Running {
  readonly station: Station
  readonly deliveryOf: DeliveryOf
  readonly frontDoor: FrontDoor
  readonly threads: Threads
  readonly pages: OpenedPages
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
      void endAll(running).then(() => leave(0, running.output))
    })
  }
}

/** Stops accepting connections, ends the listeners of all threads and closes the sources, within a limited time. */
async function endAll({ station, deliveryOf, frontDoor, threads, pages }: Running): Promise<void> {
  const streams = [...station.streams()]
  const closed = [pages.close(), ...streams.map((stream) => stream.stop('shutting down'))]
  await Promise.all([threads.end(), endListeners(streams, deliveryOf, frontDoor, closed)])
}

/**
 * Ends the program once a stream has ended for good and its listeners have received the rest of its ring.
 * @param isWanted true when the user requested the end of the program with the end of the source. Only then, and without a
 * failure, is the exit code 0, because a service that exits with 0 is not restarted.
 */
export async function endWithStream(stream: Stream, isWanted: boolean, running: Running): Promise<void> {
  const failure = (await stream.finished) ?? (isWanted ? undefined : new Error(ENDED_FOR_GOOD))
  // A reload has replaced the stream.
  if (![...running.station.streams()].includes(stream)) return
  running.frontDoor.shut()
  await running.threads.shut()
  await Promise.all([running.deliveryOf(stream).whenEmpty(), running.threads.whenEmpty(stream)])
  running.log.info('shutdown started', { reason: failure?.message ?? 'the source has ended' })
  await endAll(running)
  await leave(failure === undefined ? 0 : 1, running.output)
}
