import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { runNpm } from '../copy-project.ts'
import { plainFrames } from '../delivery/plain-mp3.ts'
import { needs } from '../programs.ts'
import { MAIN, PLAIN_NODE, plainEnvironment, startServer } from '../streamserve.ts'

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url))
/** Parts that the demo does not need until a client asks for one. */
const LATE =
  /^(page-table|hls|hls-page|recorders|open-hub|open-tls|open-relay|metrics|exec|playlist|users-files|callbacks|ban-file|probe|help|thread|password-thread)\b/

/** Returns the names of the files of the project that a command opens. @param ms it is ended then; undefined: it ends by itself */
function openedBy(t: Test, words: readonly string[]): string[] {
  const trace = join(t.testdir(), 'trace')
  const traced = ['-f', '-e', 'trace=open,openat', '-o', trace, ...PLAIN_NODE, MAIN, ...words]
  const { status } = spawnSync('strace', traced, { env: { ...plainEnvironment(), NODE_DISABLE_COMPILE_CACHE: '1' } })
  t.equal(status, 0)
  const paths = [...readFileSync(trace, 'utf8').matchAll(/ open(?:at)?\([^"]*"([^"]+)".* = \d+$/gm)]
  return paths.flatMap(([, path = '']) => (path.startsWith(PROJECT) ? [path] : []))
}

t.test('a command opens few files, and none that it does not need', { skip: needs('strace') }, async (t) => {
  const version = openedBy(t, ['-version'])
  t.ok(version.length <= 8, version.join('\n'))
  const check = openedBy(t, ['-check', '-demo'])
  t.ok(check.length <= 30, check.join('\n'))
  t.strictSame(
    check.map((path) => basename(path)).filter((name) => LATE.test(name)),
    [],
  )
  t.notOk(check.some((path) => path.includes('codec-parser')))
})

t.test('an error of the program is printed with the lines of its sources', async (t) => {
  const broken = 'data:text/javascript,process.stdout.write=()=>{throw new Error("broken")}'
  const [command, ...words] = [...PLAIN_NODE, '--import', broken, MAIN, '-version']
  const { status, stderr } = spawnSync(command, words, { encoding: 'utf8', env: plainEnvironment() })
  t.not(status, 0)
  t.match(stderr, /Error: broken\n/)
  t.match(stderr, / at print \(src\/system\/print\.ts:\d+:\d+\)\n/)
})

t.test('the files of the npm package are all that it needs', { skip: needs('npm') }, async (t) => {
  const [{ files }] = JSON.parse(runNpm(PROJECT, 'pack', '--dry-run', '--json', '--ignore-scripts')) as [
    { files: { path: string }[] },
  ]
  const folder = t.testdir()
  for (const { path } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(PROJECT, path), join(folder, path))
  }
  cpSync(join(PROJECT, 'node_modules/codec-parser'), join(folder, 'node_modules/codec-parser'), { recursive: true })
  const main = join(folder, 'dist/program/main.js')
  writeFileSync(join(folder, 'sound.mp3'), Buffer.concat(plainFrames(100, 1)))
  const server = await startServer(t, ['-play', join(folder, 'sound.mp3'), '-loop', '-talk'], { main })
  const { body } = await fetch(server.url)
  t.equal((await body?.getReader().read())?.done, false)
  // By codec-parser, which is not bundled.
  await server.logged(/format="MPEG-1 Layer III/)
  for (const path of ['/status', '/metrics', '/talk', '/live', '/assets/base.css']) {
    t.equal((await fetch(`${server.url}${path}`)).status, 200, path)
  }
  const threads = ['thread.js', 'password-thread.js'].map((name) => `dist/program/${name}`)
  t.ok(threads.every((thread) => files.some(({ path }) => path === thread)))
})
