import { spawnSync } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { whyNotShared } from '../../src/threads/cores.ts'

const CACHES = process.getuid?.() === 0 ? '/var/cache' : join(homedir(), '.cache')
const CACHE = process.env['XDG_CACHE_HOME'] || CACHES
/** Node 24, as installed by test/setup.sh. */
const INSTALLED = join(CACHE, `streamserve/node/node_modules/node-linux-${process.arch}/bin/node`)

/** A Node whose threads can share a port: the one that runs the test, or else Node 24. */
export const newerNode: string | undefined =
  whyNotShared(undefined) === undefined ? process.execPath : runs(INSTALLED) ? INSTALLED : undefined

/** For tap's `skip` option. */
export const needsNewerNode: false | string =
  newerNode === undefined && 'needs Node 22.12 or newer, which test/setup.sh could not install'

function runs(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0
}
