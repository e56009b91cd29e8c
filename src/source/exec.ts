import type { Logger } from '@logtape/logtape'
import { execa, type Options, type ResultPromise } from 'execa'
import { type Clock, pause } from '../clock.ts'
import { logChildErrors } from './child-errors.ts'
import { createLastLines } from './last-lines.ts'
import type { OrphanGuard } from './orphan-guard.ts'
import { endGroup } from './process-group.ts'
import { readSingly } from './read-singly.ts'
import { readableChunks } from './readable-chunks.ts'
import { type Source, SourceError } from './source.ts'

/** What `-exec` runs: a program with its arguments, or a line for the shell. */
export type Command =
  | { readonly kind: 'words'; readonly file: string; readonly args: readonly string[] }
  | { readonly kind: 'shell'; readonly line: string }

/** A child that has closed its output may take so long to exit by itself before it is ended, in milliseconds. */
const EXIT_WITHIN_MS = 1_000

// `detached` gives the child a session and process group of its own, so that all it starts can be ended together.
const SPAWN_OPTIONS = {
  stdin: 'ignore',
  stdout: 'pipe',
  stderr: 'pipe',
  encoding: 'buffer',
  buffer: false,
  detached: true,
  cleanup: false,
  reject: false,
} as const satisfies Options

type Child = ResultPromise<typeof SPAWN_OPTIONS>

/** The standard output of a command, run anew at each opening. */
export function createExecSource(command: Command, guard: OrphanGuard, clock: Clock, log: Logger): Source {
  const said = createLastLines(clock)
  return {
    label: labelOf(command),
    get said() {
      return said.lines
    },
    async open(signal) {
      const child = readSingly(() => start(command))
      if (child.pid === undefined) throw new SourceError((await child).originalMessage ?? 'could not be started')
      guard.add(child.pid)
      logChildErrors(child.stderr, log.with({ pid: child.pid }), clock, (line) => said.add(line))
      return { chunks: outputOf(child, child.pid, guard, clock, signal), about: { pid: child.pid } }
    },
  }
}

function labelOf(command: Command): string {
  return command.kind === 'shell' ? command.line : [command.file, ...command.args].join(' ')
}

function start(command: Command): Child {
  if (command.kind === 'shell') return execa('sh', ['-c', command.line], SPAWN_OPTIONS)
  return execa(command.file, command.args, SPAWN_OPTIONS)
}

async function* outputOf(
  child: Child,
  pid: number,
  guard: OrphanGuard,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  try {
    yield* readableChunks(child.stdout, signal)
    await Promise.race([child, pause(clock, EXIT_WITHIN_MS, signal)])
  } finally {
    await endGroup(pid, clock)
    guard.drop(pid)
    // Its last words. What it has left running outside its group may hold the pipe open, and is not waited for.
    await Promise.race([child, pause(clock, EXIT_WITHIN_MS)])
    child.stderr.destroy()
  }
  if (signal.aborted) return
  const failure = failureOf(child)
  if (failure !== '') throw new SourceError(failure)
}

/** Why the child ended, as one line; empty when it ended well. */
function failureOf({ exitCode, signalCode }: Child): string {
  if (signalCode !== null) return `ended by ${signalCode}`
  if (exitCode === null) return 'cannot be ended'
  return exitCode === 0 ? '' : `exit code ${exitCode}`
}
