import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Test } from 'tap'
import { makeFifo } from '../fifos.ts'
import type { Start } from './victim.ts'

let reader: Socket
let fd = -1

/** A log in a pipe that the test reads, or does not read. One at a time. */
export const logPipe = {
  start(t: Test): Start {
    const path = makeFifo(t.testdir())
    // Both ends at once, so that the test can fill it.
    fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
    reader = new Socket({ fd, readable: true, writable: false })
    const written = openSync(path, constants.O_WRONLY)
    t.teardown(() => {
      reader.destroy()
      closeSync(written)
    })
    return { output: { fd: written, log: reader } }
  },
  /** Stops reading, and fills the pipe to the last byte. */
  stop(): void {
    reader.pause()
    for (const bytes of [4096, 1]) {
      try {
        for (;;) writeSync(fd, '\n'.repeat(bytes))
      } catch {
        // The pipe is full.
      }
    }
  },
  read(): void {
    reader.resume()
  },
}
