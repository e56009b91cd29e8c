import type { Logger } from '@logtape/logtape'
import type { Command } from '../../plan/command.ts'
import { type Clock, inTime, pause } from '../../system/clock.ts'
import { maskedCommand, maskSecrets } from '../../text/mask-secrets.ts'
import { readableChunks } from '../pipe/readable-chunks.ts'
import { WaitingBytes } from '../pipe/waiting-bytes.ts'
import { type Source, SourceError } from '../source.ts'
import { type Child, startChild } from './child.ts'
import { logChildErrors } from './child-errors.ts'
import { ChildInput } from './child-input.ts'
import { createLastLines } from './last-lines.ts'
import type { OrphanGuard } from './orphan-guard.ts'
import { endGroup } from './process-group.ts'

/** Time for a child that has closed its output to exit by itself before it is ended, in milliseconds. */
const EXIT_WITHIN_MS = 1_000

/**
 * Makes a source of a command's standard output. The command is run anew at each opening.
 * @param input source of its standard input, which is open while the command runs; undefined: its input is empty
 */
export function createExecSource(
  command: Command,
  guard: OrphanGuard,
  clock: Clock,
  log: Logger,
  input?: Source,
): Source {
  const stderrTail = createLastLines(clock)
  return {
    mayPause: true,
    label: input === undefined ? labelOf(command) : `${input.label} | ${labelOf(command)}`,
    get stderrTail() {
      return stderrTail.lines
    },
    async open(signal, level = 'info') {
      const fed = input && (await ChildInput.open(input))
      const child = await startWith(command, fed)
      guard.add(child.pid)
      logChildErrors(child.stderr, log.with({ pid: child.pid }), level, clock, (line) => stderrTail.add(line))
      const output = { chunks: outputOf(child, fed, guard, clock, signal), about: { pid: child.pid } }
      if (fed === undefined) return output
      const { waitsFor, peer } = fed.connection
      return { ...output, waitsFor, peer, takeTitle: () => fed.takeTitle() }
    },
  }
}

function labelOf(command: Command): string {
  return command.kind === 'shell' ? maskSecrets(command.line) : maskedCommand([command.file, ...command.args])
}

async function startWith(command: Command, input: ChildInput | undefined): Promise<Child> {
  try {
    return await startChild(command, input !== undefined)
  } catch (error) {
    await input?.discard()
    throw error
  }
}

async function* outputOf(
  child: Child,
  input: ChildInput | undefined,
  guard: OrphanGuard,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const feeding = feed(child, input, clock)
  try {
    yield* readableChunks(child.stdout, signal, new WaitingBytes(child.stdout))
    await Promise.race([child.closed, pause(clock, EXIT_WITHIN_MS, signal)])
  } finally {
    input?.close()
    await endGroup(child.pid, clock)
    await feeding
    guard.drop(child.pid)
    // Waits for the child's last lines, but not for a process outside its group that holds the pipe open.
    await inTime(clock, EXIT_WITHIN_MS, child.closed)
    child.stderr.destroy()
  }
  if (signal.aborted) return
  if (input?.failure !== undefined) throw input.failure
  const failure = child.failure()
  if (failure !== '') throw new SourceError(failure)
}

/** Feeds a command, and ends one that does not end after its input. */
async function feed({ stdin, pid }: Child, input: ChildInput | undefined, clock: Clock): Promise<void> {
  if (stdin === undefined || input === undefined) return
  if (await input.feed(stdin, clock)) await endGroup(pid, clock)
}
