import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { needs } from './programs.ts'

const SETUP = fileURLToPath(new URL('../../test/setup.sh', import.meta.url))
const SKIPPED =
  /tests that need these packages will be skipped: lame ffmpeg .* \(to install them: sudo sh test\/setup\.sh\)$/m
const INSTALLED = ['apt-get update -qq', /^apt-get install -y -qq --no-install-recommends lame ffmpeg /]

/** A system without the programs that tests use. */
interface BareSystem {
  /** User ID; 0 is root. */
  readonly uid: number
  /** Further programs, with the exit code of each. */
  readonly programs: Readonly<Record<string, number>>
  /** Terminal input; undefined: standard input is not a terminal. */
  readonly typed?: string
}

/** Runs the script. @returns its exit code and output, and the calls of the simulated programs */
function setUp(t: Test, { uid, programs, typed }: BareSystem): { code: number | null; said: string; calls: string[] } {
  const bin = t.testdir({ calls: '' })
  const add = (name: string, script: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  add('id', `echo ${uid}`)
  add('env', 'shift && exec "$@"')
  for (const [name, code] of Object.entries(programs)) add(name, `echo "${name} $*" >>'${bin}/calls'\nexit ${code}`)
  if ('sudo' in programs) add('sudo', 'exec "$@"')
  const command = `PATH='${bin}' /bin/sh '${SETUP}'`
  const [program, ...args] =
    typed === undefined ? (['sh', '-c', command] as const) : (['script', '-qec', command, '/dev/null'] as const)
  const { CI: _, ...env } = process.env
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', input: typed ?? '', env })
  return { code: status, said: stdout, calls: readFileSync(join(bin, 'calls'), 'utf8').split('\n').slice(0, -1) }
}

t.test('root installs what is missing', async (t) => {
  const { code, said, calls } = setUp(t, { uid: 0, programs: { 'apt-get': 0 } })
  t.strictSame([code, said], [0, ''])
  t.match(calls, INSTALLED)
})

t.test('a user without a terminal reads in one line what will be skipped, and how to get it', async (t) => {
  const { code, said, calls } = setUp(t, { uid: 1000, programs: { 'apt-get': 0, sudo: 0 } })
  t.match({ code, calls }, { code: 0, calls: [] })
  t.match(said, SKIPPED)
  t.equal(said.indexOf('\n'), said.length - 1, 'one line')
})

t.test('a user at a terminal is asked before sudo installs', { skip: needs('script') }, async (t) => {
  for (const yes of ['y\n', '\n']) {
    const { code, said, calls } = setUp(t, { uid: 1000, programs: { 'apt-get': 0, sudo: 0 }, typed: yes })
    t.equal(code, 0)
    t.match(said, /^The tests use these packages: lame ffmpeg .*\r?\nInstall them with sudo apt-get\? \[Y\/n\] /m)
    t.match(calls, INSTALLED)
  }
  const { code, said, calls } = setUp(t, { uid: 1000, programs: { 'apt-get': 0, sudo: 0 }, typed: 'n\n' })
  t.match({ code, calls }, { code: 0, calls: [] })
  t.match(said.replaceAll('\r', ''), SKIPPED)
  t.notMatch(setUp(t, { uid: 1000, programs: { 'apt-get': 0 }, typed: 'y\n' }).said, 'Install them with sudo')
})

t.test('where nothing can be installed, tests are skipped', async (t) => {
  const offline = setUp(t, { uid: 0, programs: { 'apt-get': 100 } })
  t.match(offline, { code: 0, said: /^tests that need these packages will be skipped: lame .*could not install/ })
  const other = setUp(t, { uid: 0, programs: {} })
  t.match(other, { code: 0, said: /^tests that need these packages will be skipped: lame / })
})
