import type { Logger } from '@logtape/logtape'
import type { DeliveryOf } from './delivery/deliveries.ts'
import type { OrphanGuard } from './source/orphan-guard.ts'
import type { Station } from './stream/station.ts'
import type { Stream } from './stream/stream.ts'
import type { FrontDoor } from './transport/front-door.ts'

/** Whatever has not ended by itself so long after it was asked to is ended, in milliseconds. */
const END_WITHIN_MS = 1_500

/** What there is to end. */
export interface Running {
  readonly station: Station
  readonly deliveryOf: DeliveryOf
  readonly frontDoor: FrontDoor
  readonly log: Logger
}

/** At exit, whatever the cause, no child stays behind. */
export function killChildrenAtExit(guard: OrphanGuard): void {
  process.on('exit', () => guard.killAll())
}

/** SIGTERM and SIGINT end the program in good order; a second one ends it at once. */
export function endOnSignals(running: Running): void {
  let asked = false
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(1)
      asked = true
      running.log.info('ending', { signal })
      void endAll(running).then(() => process.exit(0))
    })
  }
}

/** No new connections, listeners ended, sources closed; what has not ended in time is broken. */
async function endAll({ station, deliveryOf, frontDoor }: Running): Promise<void> {
  frontDoor.shut()
  const streams = [...station.streams()]
  const ended = streams.flatMap((stream) => [deliveryOf(stream).endAll('shutting down'), stream.stop('shutting down')])
  await Promise.race([Promise.all(ended), new Promise((resolve) => setTimeout(resolve, END_WITHIN_MS))])
  await frontDoor.breakAll()
}

/** When a stream is over for good, its listeners get what is left in its ring, and the program ends. */
export async function endWithStream(stream: Stream, running: Running): Promise<void> {
  const failure = await stream.finished
  running.frontDoor.shut()
  await running.deliveryOf(stream).whenEmpty()
  running.log.info('ending', { why: failure?.message ?? 'the source has ended' })
  await endAll(running)
  process.exit(failure === undefined ? 0 : 1)
}
