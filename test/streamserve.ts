import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

/** The command as it is shipped. */
export const MAIN = fileURLToPath(new URL('../program/main.js', import.meta.url))

/** A streamserve process of a test, listening on a free loopback port. */
export interface Server {
  readonly child: ChildProcess
  readonly port: number
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** Everything that it has logged. */
  log(): string
  /** Resolves with the first line of the log, past or future, that matches; rejects when the program exits before. */
  logged(pattern: RegExp): Promise<string>
  /** The same for `times` lines: resolves with all of them. */
  loggedTimes(pattern: RegExp, times: number): Promise<string[]>
  /** Number of matching lines in the log. */
  count(pattern: RegExp): number
  /** Resolves with the exit code when it has exited and all of its log has been read. */
  readonly exited: Promise<number | null>
}

/** Settings of the test, not of the program. */
export interface StartOptions {
  /** Its standard input; with 'pipe' the test writes to it. */
  readonly stdin?: 'ignore' | 'pipe' | number
  readonly env?: NodeJS.ProcessEnv
  /** Maximum number of open files and connections; requires prlimit. */
  readonly openFiles?: number
  /** Words of a program that executes the command after them, such as `setpriv --reuid 7`. */
  readonly under?: readonly string[]
  /** Descriptor of its log, and the stream from which the test reads it; undefined: a pipe. */
  readonly output?: { readonly fd: number; readonly log: Readable }
  /** The command; undefined: that of the project. */
  readonly main?: string
  /** The Node that runs it; undefined: the one that runs the test. */
  readonly node?: string | undefined
}

/** The environment without variables by which a test runner follows its children. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...env } = process.env
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('_TAPJS') && !name.startsWith('TAP')),
  )
}

/**
 * Words that run Node without the test runner's preload, which it adds to every Node that a test starts, and which catches
 * signals and writes files. The process ID stays the same.
 */
export const PLAIN_NODE = ['env', '-u', 'NODE_OPTIONS', process.execPath] as const
const [ENV, ...OWN_NODE] = PLAIN_NODE

function plainly(node: string = process.execPath): string[] {
  return [...OWN_NODE.slice(0, -1), node]
}

buildIfOutdated()

/** Starts the program with flags and waits until it listens. It is ended with the test. */
export async function startServer(
  t: Pick<Test, 'teardown'>,
  flags: readonly string[],
  options: StartOptions = {},
): Promise<Server> {
  const address = flags.some((flag) => /^--?address\b/.test(flag)) ? [] : ['-address', '127.0.0.1:0']
  const server = launch(t, [...address, ...flags], options)
  const line = await server.logged(/listening/)
  const port = Number(/http:\S*:(\d+)/.exec(line)?.[1])
  return { ...server, port, url: `http://127.0.0.1:${port}` }
}

function launch(t: Pick<Test, 'teardown'>, args: readonly string[], options: StartOptions): Server {
  const limit = options.openFiles === undefined ? [] : ['prlimit', `--nofile=${options.openFiles}:${options.openFiles}`]
  const [program = ENV, ...words] = [
    ...limit,
    ...(options.under ?? []),
    ENV,
    ...plainly(options.node),
    options.main ?? MAIN,
    ...args,
  ]
  const child = spawn(program, words, {
    stdio: [options.stdin ?? 'ignore', options.output?.fd ?? 'pipe', 'pipe'],
    env: options.env ?? plainEnvironment(),
  })
  // A test may wait for many lines at once.
  child.setMaxListeners(0)
  const exited = once(child, 'close').then(([code]) => code as number | null)
  let text = ''
  const watchers = new Set<() => void>()
  for (const output of [options.output?.log ?? child.stdout, child.stderr]) {
    output?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      for (const look of watchers) look()
    })
  }
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await exited
  })
  const lines = () => text.split('\n').slice(0, -1)
  const loggedTimes = (pattern: RegExp, times: number) =>
    new Promise<string[]>((resolve, reject) => {
      const look = () => {
        const found = lines().filter((line) => pattern.test(line))
        if (found.length < times) return
        watchers.delete(look)
        resolve(found)
      }
      watchers.add(look)
      child.once('close', () => reject(new Error(`exited without ${times} of ${pattern}:\n${text}`)))
      look()
    })
  const logged = async (pattern: RegExp) => (await loggedTimes(pattern, 1))[0] ?? ''
  return {
    child,
    port: 0,
    url: '',
    log: () => text,
    logged,
    loggedTimes,
    count: (pattern) => lines().filter((line) => pattern.test(line)).length,
    exited,
  }
}

/** Runs the program until it exits. */
export async function run(
  args: readonly string[],
  node?: string,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(ENV, [...plainly(node), MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: plainEnvironment(),
  })
  const closed = once(child, 'close')
  const [stdout, stderr] = await Promise.all([child.stdout, child.stderr].map(textOf))
  await closed
  return { code: child.exitCode, stdout: stdout ?? '', stderr: stderr ?? '' }
}

/** Bundles the program again when `tsc` has compiled it since: a test must not pass with what was built earlier. */
function buildIfOutdated(): void {
  const [built = 0, compiled = 0] = ['program.built', 'program.tsbuildinfo'].map(
    (name) => statSync(new URL(`../${name}`, import.meta.url), { throwIfNoEntry: false })?.mtimeMs,
  )
  const build = fileURLToPath(new URL('../src/bundle/build.js', import.meta.url))
  if (built < compiled) execFileSync(ENV, [...plainly(), build], { stdio: 'inherit' })
}

async function textOf(output: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of output) text += String(chunk)
  return text
}
