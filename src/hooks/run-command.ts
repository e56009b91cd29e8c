import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { Command } from '../plan/command.ts'
import type { OrphanGuard } from '../source/exec/orphan-guard.ts'
import { endGroup } from '../source/exec/process-group.ts'
import { type Clock, inTime } from '../system/clock.ts'
import { whenClosed } from '../system/when-closed.ts'
import { maskSecrets } from '../text/mask-secrets.ts'
import { printable } from '../text/printable.ts'
import type { HookFailure } from './hook-log.ts'

/** Number of bytes at the end of standard error in which the last line is looked for, and its maximum length in characters. */
const TAIL_BYTES = 2_000
const MAX_LINE = 300
/** Pause after each read of standard error, of at most 64 KiB, in milliseconds: a command that writes more blocks. */
const READ_EVERY_MS = 50
/** Time for the rest of standard error after the end of the command, in milliseconds. */
const READ_WITHIN_MS = 200

/** What a command gets. */
export interface CommandInput {
  readonly stdin: string
  /** Variables in addition to the program's own. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * Runs a command in a process group of its own, until it has ended, and ends what it has left running.
 * @param signal aborts when it is to be ended, with the reason: SIGTERM first, SIGKILL after 5 s
 * @returns why it has failed; undefined: it has ended with exit code 0
 */
export async function runCommand(
  command: Command,
  input: CommandInput,
  guard: OrphanGuard,
  clock: Clock,
  signal: AbortSignal,
): Promise<HookFailure | undefined> {
  let child: ChildProcess
  try {
    child = start(command, input.environment)
  } catch (error) {
    return { reason: (error as Error).message }
  }
  const ended = once(child, 'exit')
  const { pid, stderr } = child
  // Without free descriptors the outputs are missing.
  if (pid === undefined || stderr === null) return { reason: await failureOf(ended) }
  guard.add(pid)
  // A command that does not read its input is fine.
  child.stdin?.on('error', () => {})
  child.stdin?.end(input.stdin)
  const tail = readTail(stderr, clock)
  const closed = whenClosed(stderr)
  const end = () => void endGroup(pid, clock)
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  await ended.catch(() => {})
  signal.removeEventListener('abort', end)
  await Promise.all([endGroup(pid, clock), inTime(clock, READ_WITHIN_MS, closed)])
  stderr.destroy()
  guard.drop(pid)
  const reason = signal.aborted ? String(signal.reason) : exitOf(child)
  return reason === '' ? undefined : { reason, stderr: tail() }
}

function start(command: Command, environment: CommandInput['environment']): ChildProcess {
  const [file, args] = command.kind === 'shell' ? ['sh', ['-c', command.line]] : [command.file, command.args]
  const env = { ...process.env, ...environment }
  // `detached` creates the group, so that everything that the command starts can be ended together.
  return spawn(file, [...args], { stdio: ['pipe', 'ignore', 'pipe'], env, detached: true })
}

async function failureOf(ended: Promise<unknown>): Promise<string> {
  try {
    await ended
    return 'not started'
  } catch (error) {
    return (error as Error).message
  }
}

function exitOf({ exitCode, signalCode }: ChildProcess): string {
  if (signalCode !== null) return `ended by ${signalCode}`
  return exitCode === 0 ? '' : `exit code ${exitCode}`
}

/** Reads all of an output. @returns a function that returns its last line; undefined: there is none yet */
function readTail(output: Readable, clock: Clock): () => string | undefined {
  let tail = Buffer.alloc(0)
  let cancel: (() => void) | undefined
  output.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES)
    output.pause()
    cancel = clock.after(READ_EVERY_MS, () => output.resume())
  })
  output.on('error', () => {})
  output.once('close', () => cancel?.())
  return () => {
    const last = tail.toString().trimEnd().split('\n').at(-1)?.trim() ?? ''
    return last === '' ? undefined : printable(maskSecrets(last).slice(0, MAX_LINE))
  }
}
