import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { plainEnvironment } from '../streamserve.ts'

/** A running nats-server. */
export interface NatsServer {
  readonly pid: number
  /** Everything that it has logged. */
  log(): string
  /** Resolves once a line matches, past or future; rejects when it exits before. */
  logged(pattern: RegExp): Promise<void>
  /** Sends a signal; SIGKILL and SIGTERM resolve once it has exited. */
  signal(name: NodeJS.Signals): Promise<void>
}

/** Most bytes of a log that are kept. */
const MAX_LOG = 2 ** 20

/** Starts a server, and waits until it accepts clients. @param config path of its configuration */
export async function startNatsServer(program: string, config: string): Promise<NatsServer> {
  const child = spawn(program, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'], env: plainEnvironment() })
  const server = watch(child)
  await server.logged(/Server is ready/)
  return server
}

function watch(child: ChildProcess): NatsServer {
  let log = ''
  const waiting = new Set<() => void>()
  child.stderr?.on('data', (text: Buffer) => {
    log = `${log}${text.toString()}`.slice(-MAX_LOG)
    for (const check of waiting) check()
  })
  let hasExited = false
  const exited = Promise.race([once(child, 'exit'), once(child, 'error')])
  const end = () => {
    hasExited = true
    for (const check of waiting) check()
  }
  child.once('exit', end).once('error', end)
  return {
    pid: child.pid ?? 0,
    log: () => log,
    logged: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (!pattern.test(log) && !hasExited) return
          waiting.delete(check)
          if (pattern.test(log)) resolve()
          else reject(new Error(`nats-server has exited: ${log}`))
        }
        waiting.add(check)
        check()
      }),
    async signal(name) {
      if (hasExited) return
      child.kill(name)
      if (name === 'SIGKILL' || name === 'SIGTERM') await exited
    },
  }
}
