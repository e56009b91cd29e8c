import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { type Server, startServer } from '../streamserve.ts'

/** Path at which the programs publish. */
export const PATH = '/air'
export const PASSWORD = 'hackme'
/** Name that the programs send. */
export const STATION_NAME = 'Tönstation'

/** A server with one path for publishers. */
export interface Station {
  readonly server: Server
  /** For SOURCE and PUT, and for SHOUTcast. */
  readonly ports: readonly [number, number]
}

/** Starts a station. @param folder for its file */
export async function startStation(t: Test, folder: string): Promise<Station> {
  const file = join(folder, 'station.conf')
  writeFileSync(file, `[${PATH}]\npublish\npublish-password ${PASSWORD}\n`)
  const addresses = ['-address', '127.0.0.1:0', '-address', '127.0.0.1:0']
  const server = await startServer(t, ['-config', file, ...addresses])
  const second = (await server.loggedTimes(/listening/, 2))[1] ?? ''
  const ports = [server.port, Number(/127\.0\.0\.1:(\d+)/.exec(second)?.[1])] as const
  t.teardown(() => {
    if (!t.passing()) console.error(server.log())
  })
  return { server, ports }
}
