import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { needs, runProgram } from './programs.ts'

const SETUP = fileURLToPath(new URL('../../test/setup.sh', import.meta.url))
const NODE_LOCK = fileURLToPath(new URL('../../deb/node/package-lock.json', import.meta.url))
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
  /** Whether Node.js 24 is installed. Default: true. */
  readonly hasNode?: boolean
  /** Whether newer nats-servers are installed. Default: true. */
  readonly hasNats?: boolean
}

/** Programs of the system itself that the script runs. */
const BASE = ['chmod', 'cmp', 'cp', 'dirname', 'mkdir', 'mktemp', 'mv', 'rm']

/** Runs the script. @returns its exit code and output, the calls of the simulated programs, and the folders of Node.js 24 and of nats-servers */
function setUp(t: Test, { uid, programs, typed, hasNode = true, hasNats = true }: BareSystem) {
  const bin = t.testdir({ calls: '' })
  const add = (name: string, script: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  for (const name of BASE)
    symlinkSync(
      runProgram('sh', ['-c', `command -v ${name}`])
        .toString()
        .trim(),
      join(bin, name),
    )
  add('id', `echo ${uid}`)
  add('env', 'shift && exec "$@"')
  for (const [name, code] of Object.entries(programs)) add(name, `echo "${name} $*" >>'${bin}/calls'\nexit ${code}`)
  if ('sudo' in programs) add('sudo', 'exec "$@"')
  const node = join(bin, 'streamserve/node')
  if (hasNode) {
    mkdirSync(node, { recursive: true })
    copyFileSync(NODE_LOCK, join(node, 'package-lock.json'))
  }
  for (const suite of hasNats ? ['trixie', 'sid'] : []) {
    const folder = join(bin, 'streamserve/nats', suite)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'nats-server'), '', { mode: 0o755 })
  }
  const command = `XDG_CACHE_HOME='${bin}' PATH='${bin}' /bin/sh '${SETUP}'`
  const [program, ...args] =
    typed === undefined ? (['sh', '-c', command] as const) : (['script', '-qec', command, '/dev/null'] as const)
  const { CI: _, ...env } = process.env
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', input: typed ?? '', env })
  const calls = readFileSync(join(bin, 'calls'), 'utf8').split('\n').slice(0, -1)
  return { code: status, printed: stdout, calls, node, nats: join(bin, 'streamserve/nats') }
}

t.test('root installs missing packages at once', async (t) => {
  const { code, printed, calls } = setUp(t, { uid: 0, programs: { 'apt-get': 0 } })
  t.strictSame([code, printed], [0, ''])
  t.match(calls, INSTALLED)
})

t.test('prints one line with the skipped tests and the remedy for a user without a terminal', async (t) => {
  const { code, printed, calls } = setUp(t, { uid: 1000, programs: { 'apt-get': 0, sudo: 0 } })
  t.match({ code, calls }, { code: 0, calls: [] })
  t.match(printed, SKIPPED)
  t.equal(printed.indexOf('\n'), printed.length - 1, 'one line')
})

t.test('asks a user at a terminal before it installs through sudo', { skip: needs('script') }, async (t) => {
  for (const yes of ['y\n', '\n']) {
    const { code, printed, calls } = setUp(t, { uid: 1000, programs: { 'apt-get': 0, sudo: 0 }, typed: yes })
    t.equal(code, 0)
    t.match(printed, /^The tests use these packages: lame ffmpeg .*\r?\nInstall them with sudo apt-get\? \[Y\/n\] /m)
    t.match(calls, INSTALLED)
  }
  const { code, printed, calls } = setUp(t, { uid: 1000, programs: { 'apt-get': 0, sudo: 0 }, typed: 'n\n' })
  t.match({ code, calls }, { code: 0, calls: [] })
  t.match(printed.replaceAll('\r', ''), SKIPPED)
  t.notMatch(setUp(t, { uid: 1000, programs: { 'apt-get': 0 }, typed: 'y\n' }).printed, 'Install them with sudo')
})

t.test('names the skipped tests when packages cannot be installed', async (t) => {
  const offline = setUp(t, { uid: 0, programs: { 'apt-get': 100 } })
  t.match(offline, { code: 0, printed: /^tests that need these packages will be skipped: lame .*could not install/ })
  const other = setUp(t, { uid: 0, programs: {} })
  t.match(other, { code: 0, printed: /^tests that need these packages will be skipped: lame / })
})

t.test('installs Node.js 24 in the cache when it is missing', async (t) => {
  const { code, printed, calls, node } = setUp(t, { uid: 0, programs: { 'apt-get': 0, npm: 0 }, hasNode: false })
  t.strictSame([code, printed], [0, ''])
  t.match(calls.at(-1), /^npm ci --prefix \S+\/streamserve\/node\.\S+ --ignore-scripts /)
  t.equal(readFileSync(join(node, 'package-lock.json'), 'utf8'), readFileSync(NODE_LOCK, 'utf8'))
})

t.test('names the skipped tests when npm cannot install Node.js 24', async (t) => {
  const { code, printed, node } = setUp(t, { uid: 0, programs: { 'apt-get': 0, npm: 1 }, hasNode: false })
  t.equal(code, 0)
  t.equal(printed, 'tests that need Node.js 24 will be skipped: npm could not install it\n')
  t.notOk(existsSync(node))
  t.strictSame(readdirSync(join(node, '..')), ['nats'], 'nothing is left of the attempt')
})

t.test('names the skipped tests when apt-get cannot download newer nats-servers', async (t) => {
  const { code, printed, calls, nats } = setUp(t, { uid: 0, programs: { 'apt-get': 0 }, hasNats: false })
  t.equal(code, 0)
  const lines = ['trixie', 'sid'].map(
    (suite) => `tests that need nats-server of Debian ${suite} will be skipped: apt-get could not download it\n`,
  )
  t.equal(printed, lines.join(''))
  t.match(
    calls.at(-1),
    /^apt-get -o Dir::Etc::SourceList=\S+\/nats\/\w+\/apt\/sources.list .* download -qq nats-server$/,
  )
  t.strictSame(readdirSync(nats), [], 'nothing is left of the attempts')
})
