import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { listen } from '../client.ts'
import { PLAIN_NODE, plainEnvironment, run, startServer } from '../streamserve.ts'

const START = fileURLToPath(new URL('../../src/start.js', import.meta.url))
const PACKAGE = new URL('../../../package.json', import.meta.url)

/** Runs the command of `npm start`. @returns its output until it matches `enough`, or until it exits */
async function start(t: Test, args: readonly string[], enough: RegExp): Promise<string> {
  const [program, ...words] = PLAIN_NODE
  const child = spawn(program, [...words, START, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: plainEnvironment(),
  })
  const exited = once(child, 'close')
  t.teardown(async () => {
    child.kill()
    await exited
  })
  return new Promise((resolve) => {
    let text = ''
    for (const output of [child.stdout, child.stderr]) {
      output.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        if (enough.test(text)) resolve(text)
      })
    }
    void exited.then(() => resolve(text))
  })
}

t.test('-version prints the version of the package', async (t) => {
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string }
  for (const word of ['-version', '--version', '-v', 'version']) {
    t.strictSame(await run([word]), { code: 0, stdout: `streamserve ${version}\n`, stderr: '' })
  }
})

t.test('-help prints help, with any other flags', async (t) => {
  for (const args of [['-help'], ['-h'], ['help'], ['-source-buffer', '1', '--help']]) {
    const { code, stdout, stderr } = await run(args)
    t.equal(code, 0)
    t.match(stdout, '-source-buffer')
    t.equal(stderr, '')
  }
  t.match(await run(['help', 'me']), { code: 2, stderr: /"help": unexpected argument/ })
})

t.test('logs its address with the actual port at launch', async (t) => {
  const server = await startServer(t, ['-exec', 'echo x'])
  t.match(await server.logged(/listening/), /address=http:\/\/127\.0\.0\.1:[1-9]\d*\/$/)
})

t.test('serves the demo as endless WAV, without a banner where there is no terminal', async (t) => {
  const server = await startServer(t, ['-demo'])
  const listener = listen(t, server.port)
  const sound = await listener.bodyHas(44 + 44_100)
  t.match(listener.head(), 'Content-Type: audio/wav')
  t.equal(sound.toString('latin1', 0, 4), 'RIFF')
  t.ok(
    sound.subarray(44).some((byte) => byte !== 0),
    'not silence',
  )
  server.child.kill()
  await server.exited
  for (const line of server.log().trimEnd().split('\n')) t.match(line, /^\d{4}-/)
})

t.test('npm start without flags serves the demo at port 8080', async (t) => {
  const said = await start(t, [], /listening address=|port is in use/)
  // Another program may be listening there, which is reported.
  t.match(said, /listening address=\S*:8080|cannot listen at .*:8080: the port is in use/)
})

t.test('npm start with flags passes them on, without the demo', async (t) => {
  t.match(await start(t, ['-version'], /\n/), /^streamserve \d/)
  const said = await start(t, ['-address', '127.0.0.1:0', '-exec', 'echo x'], /listening.*\n/)
  t.match(said, /listening address=http:\/\/127\.0\.0\.1:\d+/)
  t.notMatch(said, 'in a browser')
})
