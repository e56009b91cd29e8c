import type { Station } from '../station/station.ts'
import { lookEvery } from '../system/look-every.ts'
import type { ServiceManager } from '../system/service-manager.ts'

/** Interval of checks for a changed state, in milliseconds. */
const LOOK_EVERY_MS = 1_000

/**
 * Notifies the service manager that the program is ready, of its state, and, from the event loop, that it is alive: when the
 * loop hangs, the manager restarts the program. @param address URL that the program listens at
 */
export function tellState(manager: ServiceManager, station: Station, address: string): void {
  let told = statusOf(station, address)
  manager.tell('READY=1', `STATUS=${told}`)
  const look = () => {
    const status = statusOf(station, address)
    if (status !== told) manager.tell(`STATUS=${status}`)
    told = status
  }
  lookEvery(LOOK_EVERY_MS, look)
  // Twice in the period, so that one may be late.
  if (manager.watchdogMs !== undefined) setInterval(() => manager.tell('WATCHDOG=1'), manager.watchdogMs / 2).unref()
}

/** `http://0.0.0.0:8000, 3 listeners, source open`; with several streams, the number of open sources. */
function statusOf(station: Station, address: string): string {
  const streams = [...station.streams()]
  const listeners = streams.reduce((sum, stream) => sum + stream.listeners, 0)
  const open = streams.filter(({ sourceState }) => sourceState.kind === 'open').length
  const sources =
    streams.length === 1 ? `source ${open === 1 ? 'open' : 'closed'}` : `${open} of ${streams.length} sources open`
  return `${address}, ${listeners} ${listeners === 1 ? 'listener' : 'listeners'}, ${sources}`
}
