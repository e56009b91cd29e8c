/** A station of several streams with the same frames. */

import { join } from 'node:path'
import { execa } from 'execa'
import { benchFolder } from './bench-folder.ts'
import { startScript } from './child.ts'
import type { Place } from './load.ts'
import { type Server, startStreamserve, stationFile } from './servers.ts'

/** Starts a station whose streams all have the frames of one feeder. */
export async function startFed(streams: number, order: NonNullable<Place['order']>): Promise<Server> {
  const folder = benchFolder('fifos')
  const fifos = Array.from({ length: streams }, (_, i) => join(folder, `s${i}`))
  await execa('mkfifo', fifos)
  const file = stationFile(
    ['frame-filter mp3', 'warm'],
    fifos.map((fifo) => [`path ${fifo}`]),
  )
  const { process: server, port } = await startStreamserve(['-config', file])
  const feeder = startScript('./feeder.js', fifos)
  const stop = async () => {
    await feeder.stop()
    await server.stop()
  }
  return { process: { ...server, stop }, port, path: '/s', streams, order }
}
