import { once } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { listen } from '../client.ts'
import { numbers } from '../feeders.ts'
import { needs, runProgram } from '../programs.ts'
import { MAIN, PLAIN_NODE, plainEnvironment, run, startServer } from '../streamserve.ts'
import { isTrusted, listenSecurely, localPair, securely, startSecure } from '../tls/secure.ts'

const SOURCE = ['-exec', ...numbers()]
const isRoot: false | string = process.getuid?.() === 0 ? false : 'needs root'

t.test('refuses unusable certificate files at the start, in one line', async (t) => {
  const pair = await localPair()
  const directory = t.testdir({ ...pair })
  const [cert, key] = [join(directory, 'cert'), join(directory, 'key')]
  for (const [flags, line] of [
    [['-tls-cert', '/nowhere', '-tls-key', key], /^streamserve: -tls-cert \/nowhere: no such file\n$/],
    [['-tls-cert', cert, '-tls-key', cert], /^streamserve: -tls-key .*: has no private key in PEM\n$/],
    [['-tls-cert', cert], /^streamserve: -tls-cert: needs -tls-key, the private key of the certificate\n$/],
    [['-tls-key', key], /^streamserve: -tls-key: needs -tls-cert, the certificate of the key\n$/],
  ] as const) {
    const { code, stderr } = await run([...flags, '-address', '127.0.0.1:0', '-demo'])
    t.equal(code, 2)
    t.match(stderr, line)
  }
})

t.test('enables HTTPS by certificate files alone, and disables it by -tls=false', async (t) => {
  const pair = await localPair()
  const directory = t.testdir({ ...pair })
  const files = ['-tls-cert', join(directory, 'cert'), '-tls-key', join(directory, 'key')]
  const server = await startServer(t, [...files, ...SOURCE])
  t.match(await listenSecurely(t, server.port).headCame(), /200 OK/)
  const without = await startServer(t, [...files, '-tls=false', ...SOURCE])
  await listenSecurely(t, without.port).closed
  t.match(await listen(t, without.port).headCame(), /200 OK/)
})

t.test('uses a replaced certificate for new listeners, and keeps the present ones', async (t) => {
  const [pair, next] = await Promise.all([localPair(), localPair()])
  const directory = t.testdir({ ...pair })
  const [cert, key] = [join(directory, 'cert'), join(directory, 'key')]
  const server = await startServer(t, ['-tls-cert', cert, '-tls-key', key, ...SOURCE])
  const listener = listenSecurely(t, server.port)
  await listener.bodyHas(64)
  t.ok(await isTrusted(t, server.port, pair.cert))
  for (const [file, text] of [
    [key, next.key],
    [cert, next.cert],
  ] as const) {
    writeFileSync(`${file}.new`, text)
    renameSync(`${file}.new`, file)
  }
  await server.logged(/certificate reloaded/)
  t.ok(await isTrusted(t, server.port, next.cert))
  t.notOk(await isTrusted(t, server.port, pair.cert))
  await listener.bodyHas(listener.body().length + 64)
})

t.test('keeps its self-signed certificate for the next start', async (t) => {
  const env = { ...plainEnvironment(), XDG_STATE_HOME: t.testdir() }
  const first = await startServer(t, ['-tls', ...SOURCE], { env })
  const second = await startServer(t, ['-tls', ...SOURCE], { env })
  t.equal(first.count(/certificate created/), 1)
  t.equal(second.count(/certificate created/), 0)
  const own = await fingerprintAt(t, first.port)
  t.equal(await fingerprintAt(t, second.port), own)
})

async function fingerprintAt(t: Test, port: number): Promise<string> {
  const socket = securely(port)
  t.teardown(() => socket.destroy())
  await once(socket, 'secureConnect')
  return socket.getPeerCertificate().fingerprint256
}

t.test('logs the address for browsers without a terminal', async (t) => {
  const server = await startSecure(t, ['-talk', ...SOURCE])
  t.match(await server.logged(/HTTPS enabled/), `page=https://127.0.0.1:${server.port}/talk`)
  t.notMatch(server.log(), /[█▀▄]/)
})

/** A command that starts the program, which exits by itself after a second. */
function shortRun(address: string): string {
  return [...PLAIN_NODE, MAIN, '-tls', '-address', address, '-warm', '-reopen=false', '-exec', '"sleep 1"'].join(' ')
}

t.test(
  'shows the address as a QR code on a terminal, when it is reachable from the network',
  { skip: needs('script') },
  async (t) => {
    const show = (address: string) => {
      const env = ['env', `XDG_STATE_HOME=${t.testdirName}`, 'script', '-qec', shortRun(address), '/dev/null'] as const
      return String(runProgram(env[0], env.slice(1)))
    }
    t.testdir()
    t.match(show('0.0.0.0:0'), /\[97;40m██ ▄▄▄▄▄ █[^]*https:\/\/[^:]+:\d+\//)
    t.notMatch(show('127.0.0.1:0'), /▄▄▄▄▄/)
  },
)

t.test('generates and shows a token for publishing, unless it was given', async (t) => {
  const made = await startServer(t, ['-talk', ...SOURCE])
  t.match(await made.logged(/publishing token created/), / token=([a-z2-9]{4}-){2}[a-z2-9]{4}$/)
  const given = await startServer(t, ['-talk', '-live-token', 'open-sesame', ...SOURCE])
  const without = await startServer(t, SOURCE)
  for (const server of [given, without]) t.notMatch(server.log(), /token|sesame/)
})

t.test(
  'listens with a self-signed certificate when no directory can keep it',
  { skip: isRoot || needs('setpriv') },
  async (t) => {
    const env = Object.fromEntries(Object.entries(plainEnvironment()).filter(([name]) => !/^(HOME|XDG_)/.test(name)))
    const proc = await startServer(t, ['-tls', ...SOURCE], { env: { ...env, STATE_DIRECTORY: '/proc/x' } })
    t.match(await proc.logged(/certificate not saved/), /error=.*ENOENT/)
    // A user ID without an account, as in containers.
    const homeless = await startServer(t, ['-tls', ...SOURCE], {
      env,
      under: ['setpriv', '--reuid=48123', '--regid=48123', '--clear-groups'],
    })
    t.match(await homeless.logged(/certificate not saved/), /neither STATE_DIRECTORY nor a home directory/)
    for (const { port } of [proc, homeless]) t.match(await listenSecurely(t, port).headCame(), /200 OK/)
  },
)
