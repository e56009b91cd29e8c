import type { Logger } from '@logtape/logtape'
import type { DeliveryOf } from '../delivery/deliveries.ts'
import type { OrphanGuard } from '../source/orphan-guard.ts'
import type { Station } from '../stream/station.ts'
import type { Stream } from '../stream/stream.ts'
import { leave } from '../system/leave.ts'
import type { Output } from '../system/output.ts'
import type { Threads } from '../threads/threads.ts'
import { endListeners } from '../transport/end-listeners.ts'
import type { FrontDoor } from '../transport/front-door.ts'
import type { OpenedPages } from './open-pages.ts'

const ENDED_FOR_GOOD = 'the source has ended and cannot be opened again, and -reopen=false was not given'

/** What there is to end. */
export interface Running {
  readonly station: Station
  readonly deliveryOf: DeliveryOf
  readonly frontDoor: FrontDoor
  readonly threads: Threads
  readonly pages: OpenedPages
  readonly output: Output
  readonly log: Logger
}

/** At exit, whatever the cause, no child stays behind. */
export function killChildrenAtExit(guard: OrphanGuard): void {
  process.on('exit', () => guard.killAll())
}

/** Signals end the program in good order; a second one ends it at once. @param hangup whether SIGHUP is one of them */
export function endOnSignals(running: Running, hangup: boolean): void {
  let asked = false
  for (const signal of ['SIGTERM', 'SIGINT', ...(hangup ? (['SIGHUP'] as const) : [])] as const) {
    process.on(signal, () => {
      if (asked) {
        void leave(1, running.output)
        return
      }
      asked = true
      running.log.info('ending', { signal })
      void endAll(running).then(() => leave(0, running.output))
    })
  }
}

/** No new connections, listeners of all threads ended, sources closed; what has not ended in time is broken. */
async function endAll({ station, deliveryOf, frontDoor, threads, pages }: Running): Promise<void> {
  const streams = [...station.streams()]
  const closed = [pages.close(), ...streams.map((stream) => stream.stop('shutting down'))]
  await Promise.all([threads.end(), endListeners(streams, deliveryOf, frontDoor, closed)])
}

/**
 * When a stream is over for good, its listeners get what is left in its ring, and the program ends.
 * @param isWanted the end of its source, without a failure, ends the program as it was asked to: the exit code is 0 then only,
 * because a service that ends with 0 is not started again.
 */
export async function endWithStream(stream: Stream, isWanted: boolean, running: Running): Promise<void> {
  const failure = (await stream.finished) ?? (isWanted ? undefined : new Error(ENDED_FOR_GOOD))
  // Another has taken its place.
  if (![...running.station.streams()].includes(stream)) return
  running.frontDoor.shut()
  await running.threads.shut()
  await Promise.all([running.deliveryOf(stream).whenEmpty(), running.threads.whenEmpty(stream)])
  running.log.info('ending', { why: failure?.message ?? 'the source has ended' })
  await endAll(running)
  await leave(failure === undefined ? 0 : 1, running.output)
}
