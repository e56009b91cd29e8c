import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { plainEnvironment } from '../../streamserve.ts'

/** Icecast of Debian, on a loopback port. */
export interface Icecast {
  readonly port: number
  readonly url: string
  /** Ends it, and starts it again at the same port. */
  restart(): Promise<void>
}

const PASSWORD = 'hackme'
const PUBLISHER = 'ffmpeg'
/** Icecast refuses to run as root. */
const AS_NOBODY = ['--reuid=nobody', '--regid=nogroup', '--clear-groups']

/** Starts Icecast. It ends with the test. @param relays elements of its configuration */
export async function startIcecast(t: Test, relays = ''): Promise<Icecast> {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-icecast-'))
  chmodSync(folder, 0o777)
  const port = await freePort()
  const file = join(folder, 'icecast.xml')
  writeFileSync(file, configuration(port, folder, relays))
  let child = start(file)
  t.teardown(async () => {
    await end(child)
    rmSync(folder, { recursive: true })
  })
  await answers(port)
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async restart() {
      await end(child)
      child = start(file)
      await answers(port)
    },
  }
}

function start(file: string): ChildProcess {
  const words = ['--pdeathsig=TERM', ...(process.getuid?.() === 0 ? AS_NOBODY : []), 'icecast2', '-c', file]
  return spawn('setpriv', words, { stdio: 'ignore', env: plainEnvironment() })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  // It takes seconds to end by itself.
  child.kill('SIGKILL')
  await exited
}

/** Publishes a file again and again, in real time, with ffmpeg. @returns ends it */
export function publish(t: Test, icecast: Icecast, path: string, file: string): () => Promise<void> {
  const target = `icecast://source:${PASSWORD}@127.0.0.1:${icecast.port}${path}`
  const description = ['-ice_name', 'Nachbar', '-ice_genre', 'Jazz', '-content_type', 'audio/mpeg']
  const input = ['-v', 'error', '-nostdin', '-re', '-stream_loop', '-1', '-i', file]
  const child = spawn(PUBLISHER, [...input, '-c', 'copy', '-f', 'mp3', ...description, target], {
    stdio: 'ignore',
    env: plainEnvironment(),
  })
  const stop = () => end(child)
  t.teardown(stop)
  return stop
}

/** Sets the title of a stream, as a publisher does. Resolved with the status of the answer. */
export async function setTitle({ url }: Icecast, path: string, title: string): Promise<number> {
  const query = new URLSearchParams({ mode: 'updinfo', mount: path, song: title, charset: 'UTF-8' })
  const { status } = await fetch(`${url}/admin/metadata?${query.toString()}`, {
    headers: { Authorization: `Basic ${Buffer.from(`source:${PASSWORD}`).toString('base64')}` },
  })
  return status
}

/** Resolved when a path of a server has sound. */
export async function hasSound(url: string): Promise<void> {
  for (const deadline = performance.now() + 20_000; performance.now() < deadline; await sleep(50)) {
    const isThere = await fetch(url).then(
      async ({ ok, body }) => {
        await body?.cancel()
        return ok
      },
      () => false,
    )
    if (isThere) return
  }
  throw new Error(`${url} has no sound`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

async function answers(port: number): Promise<void> {
  for (const deadline = performance.now() + 20_000; performance.now() < deadline; await sleep(20)) {
    const socket = connect(port, '127.0.0.1')
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isThere) return
  }
  throw new Error('icecast2 does not answer')
}

function configuration(port: number, folder: string, relays: string): string {
  return `<icecast>
  <hostname>127.0.0.1</hostname><location>here</location><admin>nobody@localhost</admin>
  <limits><clients>20</clients><sources>5</sources></limits>
  <authentication>
    <source-password>${PASSWORD}</source-password><relay-password>${PASSWORD}</relay-password>
    <admin-user>admin</admin-user><admin-password>${PASSWORD}</admin-password>
  </authentication>
  <listen-socket><port>${port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
  ${relays}
  <paths><logdir>${folder}</logdir><webroot>${folder}</webroot><adminroot>${folder}</adminroot></paths>
  <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog><loglevel>3</loglevel></logging>
</icecast>
`
}
