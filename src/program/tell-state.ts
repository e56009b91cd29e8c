import type { Station } from '../stream/station.ts'
import type { ServiceManager } from '../system/service-manager.ts'

/** How often it is looked whether there is something new to tell, in milliseconds. */
const LOOK_EVERY_MS = 1_000

/**
 * Tells the service manager that the program is ready, what it does, and, from the event loop, that it lives: a loop that
 * hangs says nothing, and the program is started anew. @param address URL that is listened at
 */
export function tellState(manager: ServiceManager, station: Station, address: string): void {
  let told = statusOf(station, address)
  manager.tell('READY=1', `STATUS=${told}`)
  const look = () => {
    const status = statusOf(station, address)
    if (status !== told) manager.tell(`STATUS=${status}`)
    told = status
  }
  setInterval(look, LOOK_EVERY_MS).unref()
  // Two chances to be heard in time.
  if (manager.watchdogMs !== undefined) setInterval(() => manager.tell('WATCHDOG=1'), manager.watchdogMs / 2).unref()
}

/** `http://0.0.0.0:8000, 3 listeners, source open`; of many streams, how many have an open source. */
function statusOf(station: Station, address: string): string {
  const streams = [...station.streams()]
  const listeners = streams.reduce((sum, stream) => sum + stream.listeners, 0)
  const open = streams.filter(({ sourceState }) => sourceState.kind === 'open').length
  const sources =
    streams.length === 1 ? `source ${open === 1 ? 'open' : 'closed'}` : `${open} of ${streams.length} sources open`
  return `${address}, ${listeners} ${listeners === 1 ? 'listener' : 'listeners'}, ${sources}`
}
