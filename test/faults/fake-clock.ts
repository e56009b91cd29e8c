import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { plainEnvironment } from '../streamserve.ts'
import type { Start } from './victim.ts'

const LIBRARIES = '/usr/lib'
const library = readFolder(LIBRARIES)
  .map((machine) => join(LIBRARIES, machine, 'faketime'))
  .flatMap((folder) => readFolder(folder).map((file) => join(folder, file)))
  .find((path) => path.endsWith('libfaketimeMT.so.1'))

/** For tap's `skip` option: the time of day is simulated by libfaketime. */
export const needsFakeClock: false | string = library === undefined && 'needs faketime'

function readFolder(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

let file = ''

/** A time of day that jumps; the monotonic clock is not affected. One at a time. */
export const fakeClock = {
  start(t: Test): Start {
    file = join(t.testdir({ shift: '+0d\n' }), 'shift')
    const env = {
      ...plainEnvironment(),
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    }
    return { env }
  },
  /** Moves the time of day forward by this number of days. */
  shift(days: number): void {
    writeFileSync(file, `${days < 0 ? '' : '+'}${days}d\n`)
  },
}
