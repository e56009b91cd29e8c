/** Runs the commands of a page in their order, and listens to each stream that they start. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'
import { listen } from '../client.ts'
import { type Server, startServer } from '../streamserve.ts'
import { type Sandbox, wordsOf } from './sandbox.ts'

/** Commands of the program that end by themselves. */
const ENDS = /^streamserve .*-(check|sign|probe|help|version)\b/
/** Commands that play or receive until Ctrl-C: those without a duration in their address, and encoders that loop. */
const ENDLESS = /^curl (-N|-s \S+ -o)|^ffmpeg .*-stream_loop -1/
/** Time for a command that ends by itself, in milliseconds. */
const LONGEST = 60_000

/** Runs one line. @param line a command as it is documented */
export async function runCommand(t: Test, sandbox: Sandbox, servers: Map<string, Server>, line: string): Promise<void> {
  const command = line.replace(/^sudo /, '').replace(/ &$/, '')
  if (command.startsWith('streamserve ') && !ENDS.test(command)) await startDocumented(t, sandbox, servers, command)
  else if (ENDLESS.test(command)) startEndless(t, sandbox, command)
  else t.equal(await resultOf(sandbox, command), '', line)
}

/** Starts a server in place of the one at the same port. */
async function startDocumented(
  t: Test,
  sandbox: Sandbox,
  servers: Map<string, Server>,
  command: string,
): Promise<void> {
  const port = documentedPort(sandbox, command)
  await stop(servers.get(port))
  const words = wordsOf(sandbox, sandbox.here(command)).slice(1)
  const at = words.indexOf('-address')
  if (at >= 0) words.splice(at, 2)
  const server = await startServer(t, words, { env: sandbox.env, under: ['env', '-C', sandbox.home] })
  servers.set(port, server)
  sandbox.ports.set(port, server.port)
}

/** Returns the port of a command or of its station file. */
function documentedPort(sandbox: Sandbox, command: string): string {
  const [, file = ''] = / -config (\S+)/.exec(command) ?? []
  return /-address \S*:(\d+)/.exec(command)?.[1] ?? sandbox.stationPorts.get(file) ?? ''
}

/** Listens to each stream of a server that has a source of its own, and may be heard without a password. */
export async function hearAll(t: Test, server: Server): Promise<void> {
  const { streams } = (await (await fetch(`${server.url}/status.json`)).json()) as {
    streams: { path: string; source: { kind: string } }[]
  }
  const heard = streams.filter(({ source }) => !['publish', 'published', 'hub'].includes(source.kind))
  await Promise.all(
    heard.map(async ({ path }) => {
      const listener = listen(t, server.port, path)
      const [status = ''] = (await listener.headCame()).split('\r\n')
      // A stream has rules: a password, a signed link, or a callback that is not there.
      if (/ 40[13] /.test(status)) return
      const isRefused = / 503 /.test(status)
      if (isRefused) t.match(String(await listener.closed), 'the permission to listen could not be checked')
      if (isRefused) return
      t.match(status, / 200 /, path)
      await listener.bodyHas(1000)
      listener.reset()
    }),
  )
}

async function stop(server: Server | undefined): Promise<void> {
  server?.child.kill('SIGTERM')
  await server?.exited
}

function startEndless(t: Test, { home, env, here }: Sandbox, command: string): void {
  const child = spawn('sh', ['-c', `exec ${here(command)}`], { cwd: home, env, stdio: 'ignore', detached: true })
  const exited = once(child, 'exit')
  t.teardown(async () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    await exited
  })
}

/** Runs a command to its end. @returns its exit code and messages when it fails, else an empty text */
async function resultOf({ home, env, here }: Sandbox, command: string): Promise<string> {
  const child = spawn('sh', ['-c', here(command)], {
    cwd: home,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')))
  const [code] = (await once(child, 'close')) as [number | null]
  // A busy machine may be too slow for a stream that a probe finds good.
  const isHeard = code === 0 || (command.includes(' -probe ') && /^faulty|"verdict":"faulty"/.test(output))
  return isHeard ? '' : `exit code ${code}: ${output.slice(-1000)}`
}
