import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'
import { plainEnvironment } from '../streamserve.ts'

/** How a program is run. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** Program that writes to its standard input. */
  readonly input?: readonly [program: string, ...args: string[]]
  /** Called when it has been started. */
  readonly started?: () => Promise<void>
}

/** A running program. */
export interface Running {
  /** Resolves when it has printed this, at any time. */
  says(pattern: RegExp): Promise<void>
  /** Resolves with its exit code. */
  readonly exited: Promise<number | null>
  /** Ends it with SIGKILL. */
  kill(): Promise<void>
}

/** Starts it. It is ended with the test. */
export async function start(
  t: Test,
  { program, args, env = plainEnvironment(), input, started }: Command,
): Promise<Running> {
  const child = spawn(program, args, { stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'], env })
  const feeder = input === undefined ? undefined : feed(child, input)
  let text = ''
  const watchers = new Set<() => void>()
  for (const output of [child.stdout, child.stderr]) {
    output?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      for (const look of watchers) look()
    })
  }
  const closed = once(child, 'close')
  const kill = async () => {
    for (const process of [child, feeder]) process?.kill('SIGKILL')
    await closed
  }
  t.teardown(async () => {
    await kill()
    if (!t.passing()) console.error(`${program}:\n${text}`)
  })
  await started?.()
  return {
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(text)) return
          watchers.delete(look)
          resolve()
        }
        watchers.add(look)
        void closed.then(() => reject(new Error(`${program} ended without ${pattern}:\n${text}`)))
        look()
      }),
    exited: closed.then(([code]) => code as number | null),
    kill,
  }
}

function feed(child: ChildProcess, [program, ...args]: readonly [string, ...string[]]): ChildProcess {
  const feeder = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env: plainEnvironment() })
  child.stdin?.on('error', () => feeder.kill('SIGKILL'))
  if (child.stdin !== null) feeder.stdout.pipe(child.stdin)
  return feeder
}
