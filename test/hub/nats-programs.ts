import { spawnSync } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'

const CACHES = process.getuid?.() === 0 ? '/var/cache' : join(homedir(), '.cache')
const CACHE = process.env['XDG_CACHE_HOME'] || CACHES
const cached = (suite: string) => join(CACHE, `streamserve/nats/${suite}/nats-server`)

/** Servers of the hub by their origin: the one of this system, and those that test/setup.sh has installed. */
export const NATS_PROGRAMS = {
  system: 'nats-server',
  trixie: cached('trixie'),
  sid: cached('sid'),
} as const

/** Version of a server, such as `2.10.27`; undefined: it is not installed. */
export function natsVersion(program: string): string | undefined {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  return /v(\d+\.\d+\.\d+)/.exec(stdout ?? '')?.[1]
}
