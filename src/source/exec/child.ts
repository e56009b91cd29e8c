import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import type { Command } from '../../plan/command.ts'
import { printable } from '../../text/printable.ts'
import { readSingly } from '../pipe/read-singly.ts'
import { commandFailure } from '../system-failure.ts'

/** A running command: the leader of a session and process group of its own. */
export interface Child {
  readonly pid: number
  /** Undefined: its input is empty. */
  readonly stdin: Writable | undefined
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolved when the command has exited and both of its outputs are closed. */
  readonly closed: Promise<void>
  /** Returns why it ended, in one line; empty after exit code 0. */
  failure(): string
}

/**
 * Starts a command. Its outputs are read one chunk at a time.
 * @param hasInput false: its input is empty.
 * @returns the child, at once; or a promise that rejects with SourceError when the program is missing, or the system is out of
 * descriptors, processes or memory. Node throws some of these errors, emits some, and omits the outputs after some.
 */
export function startChild(command: Command, hasInput: boolean): Child | Promise<never> {
  const shown = printable(command.kind === 'shell' ? 'sh' : command.file)
  let process: ChildProcess
  try {
    process = readSingly(() => spawnGroup(command, hasInput))
  } catch (error) {
    throw commandFailure(error, shown)
  }
  const failed = new Promise<never>((_, reject) => {
    // For a running child this means that a signal could not be sent; its end is noticed by its exit.
    process.on('error', (error) => reject(commandFailure(error, shown)))
  })
  const { pid, stdin, stdout, stderr } = process
  if (pid === undefined || !stdout || !stderr) return failed
  failed.catch(() => {})
  const closed = new Promise<void>((resolve) => process.once('close', () => resolve()))
  return { pid, stdin: stdin ?? undefined, stdout, stderr, closed, failure: () => failureOf(process) }
}

function spawnGroup(command: Command, hasInput: boolean): ChildProcess {
  const [file, args] = command.kind === 'shell' ? ['sh', ['-c', command.line]] : [command.file, command.args]
  // `detached` creates the group, so that everything the command starts can be ended together.
  return spawn(file, [...args], { stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'], detached: true })
}

function failureOf({ exitCode, signalCode }: ChildProcess): string {
  if (signalCode !== null) return `ended by ${signalCode}`
  if (exitCode === null) return 'cannot be killed'
  return exitCode === 0 ? '' : `exit code ${exitCode}`
}
