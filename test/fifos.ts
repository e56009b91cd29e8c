import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Test } from 'tap'
import { plainEnvironment } from './streamserve.ts'

/** Makes a FIFO. @returns its path. */
export function makeFifo(directory: string, name = 'fifo'): string {
  const path = join(directory, name)
  execFileSync('mkfifo', [path])
  return path
}

/** One writer of a FIFO. */
export interface Writer {
  write(bytes: Buffer): void
  /** Closes the FIFO after `bytes`, if any; resolves when it is closed. */
  end(bytes?: Buffer): Promise<void>
}

/** Opens a FIFO for writing, in a separate program because opening waits for a reader. It is ended with the test. */
export function openWriter(t: Test, path: string): Writer {
  const child = spawn('sh', ['-c', 'exec cat > "$1"', 'sh', path], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: plainEnvironment(),
  })
  const exited = once(child, 'exit')
  child.stdin.on('error', () => {})
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return {
    write: (bytes) => void child.stdin.write(bytes),
    async end(bytes) {
      child.stdin.end(bytes)
      await exited
    },
  }
}

/** Opens a FIFO, writes all of `bytes`, and closes it. */
export async function writeAll(t: Test, path: string, bytes: Buffer): Promise<void> {
  await openWriter(t, path).end(bytes)
}
