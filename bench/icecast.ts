/** Icecast, as packaged by Debian, for comparison. */

import { chmodSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { benchFolder } from './bench-folder.ts'
import { startChild, startScript } from './child.ts'
import { ICECAST_PATH, icecastConfig } from './icecast-config.ts'
import type { Server } from './servers.ts'

const PROGRAM = 'icecast2'
/** Polling interval, in milliseconds: Icecast does not report when it is ready. */
const ASK_EVERY_MS = 20
const READY_WITHIN_MS = 5000

/** Icecast refuses to run as root; and it must end with the bench. */
const AS_NOBODY = ['--reuid=nobody', '--regid=nogroup', '--clear-groups']
const WRAPPER = ['--pdeathsig=TERM', ...(process.getuid?.() === 0 ? AS_NOBODY : [])]

/** @returns its name and version; undefined where it is not installed. */
export async function icecastVersion(): Promise<string | undefined> {
  const { stdout, failed } = await execa(PROGRAM, ['-v'], { reject: false })
  return failed ? undefined : stdout.trim()
}

/** Starts it with a source client that sends the stream of the benches. */
export async function startIcecast(): Promise<Server> {
  const { process: icecast, port, path } = await startEmptyIcecast()
  const feeder = startScript('./feeder.js', [String(port)])
  const stop = async () => {
    await feeder.stop()
    await icecast.stop()
  }
  await hasStream(port)
  return { process: { ...icecast, stop }, port, path }
}

/** Starts it without a source. */
export async function startEmptyIcecast(): Promise<Server> {
  const folder = benchFolder('icecast')
  // Icecast's user needs to reach the folder and write its logs there.
  chmodSync(dirname(folder), 0o755)
  chmodSync(folder, 0o777)
  const port = await freePort()
  const config = join(folder, 'icecast.xml')
  writeFileSync(config, icecastConfig(port, folder))
  const icecast = startChild('setpriv', [...WRAPPER, PROGRAM, '-c', config])
  await answers(port)
  return { process: icecast, port, path: ICECAST_PATH }
}

/** Finds a free port, for programs that cannot choose one themselves. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

async function answers(port: number): Promise<void> {
  await untilTrue(
    () =>
      new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
        socket.unref().on('connect', () => socket.destroy())
      }),
  )
}

async function hasStream(port: number): Promise<void> {
  await untilTrue(async () => {
    const response = await fetch(`http://127.0.0.1:${port}${ICECAST_PATH}`)
    await response.body?.cancel()
    return response.ok
  })
}

async function untilTrue(look: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + READY_WITHIN_MS
  while (!(await look())) {
    if (performance.now() > until) throw new Error(`${PROGRAM} does not begin to serve`)
    await sleep(ASK_EVERY_MS)
  }
}
