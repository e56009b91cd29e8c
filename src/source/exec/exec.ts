import type { Logger } from '@logtape/logtape'
import type { Command } from '../../plan/command.ts'
import { type Clock, inTime, pause } from '../../system/clock.ts'
import { maskedCommand, maskSecrets } from '../../text/mask-secrets.ts'
import { readableChunks } from '../pipe/readable-chunks.ts'
import { type Source, SourceError } from '../source.ts'
import { type Child, startChild } from './child.ts'
import { logChildErrors } from './child-errors.ts'
import { createLastLines } from './last-lines.ts'
import type { OrphanGuard } from './orphan-guard.ts'
import { endGroup } from './process-group.ts'

/** Time for a child that has closed its output to exit by itself before it is ended, in milliseconds. */
const EXIT_WITHIN_MS = 1_000

/** Makes a source of a command's standard output. The command is run anew at each opening. */
export function createExecSource(command: Command, guard: OrphanGuard, clock: Clock, log: Logger): Source {
  const stderrTail = createLastLines(clock)
  return {
    label: labelOf(command),
    get stderrTail() {
      return stderrTail.lines
    },
    async open(signal, level = 'info') {
      const started = startChild(command)
      const child = started instanceof Promise ? await started : started
      guard.add(child.pid)
      logChildErrors(child.stderr, log.with({ pid: child.pid }), level, clock, (line) => stderrTail.add(line))
      return { chunks: outputOf(child, guard, clock, signal), about: { pid: child.pid } }
    },
  }
}

function labelOf(command: Command): string {
  return command.kind === 'shell' ? maskSecrets(command.line) : maskedCommand([command.file, ...command.args])
}

async function* outputOf(child: Child, guard: OrphanGuard, clock: Clock, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    yield* readableChunks(child.stdout, signal)
    await Promise.race([child.closed, pause(clock, EXIT_WITHIN_MS, signal)])
  } finally {
    await endGroup(child.pid, clock)
    guard.drop(child.pid)
    // Waits for the child's last lines, but not for a process outside its group that holds the pipe open.
    await inTime(clock, EXIT_WITHIN_MS, child.closed)
    child.stderr.destroy()
  }
  if (signal.aborted) return
  const failure = child.failure()
  if (failure !== '') throw new SourceError(failure)
}
