import { writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { signatureOf } from '../../src/access/signed-link.ts'
import { type Client, connectTo, listen } from '../client.ts'
import { openProgram, type TestHouse } from '../threads/program-parts.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4', '-burst', '0']
/** The password is `hackme`. */
const ANNA = 'anna:$apr1$saltsalt$cF2RF7yioggWGAi9R7S.b1\n'
const BEN = ANNA.replace('anna', 'ben')

function basic(user: string, password: string): string {
  return `Authorization: Basic ${Buffer.from(`${user}:${password}`).toString('base64')}\r\n`
}

const RIGHT = basic('anna', 'hackme')
const WRONG = basic('anna', 'guess')

function from(localAddress: string): (port: number) => Socket {
  return (port) => connect({ port, host: '127.0.0.1', localAddress })
}

async function statusOf(client: Client): Promise<number> {
  return Number((await client.headCame()).slice(9, 12))
}

function link(until: number, key = 'sesame'): string {
  return `/?until=${until}&sign=${signatureOf('/', until, key)}`
}

function usersFile(t: Test): string {
  const file = join(t.testdir({}), 'users')
  writeFileSync(file, ANNA + BEN)
  return file
}

/** Runs a test with listeners of the main thread, and with those of a delivery thread. */
function inBoth(
  name: string,
  flags: (t: Test) => string[],
  test: (t: Test, parts: TestHouse, port: number) => Promise<void>,
) {
  for (const where of ['main', 'a delivery'] as const) {
    t.test(`${name} (${where} thread)`, async (t) => {
      const parts = await openProgram(t, [...RAW, ...flags(t)])
      await test(t, parts, where === 'main' ? parts.port : (await parts.start()).port)
    })
  }
}

inBoth(
  'only users of the file may listen',
  (t) => ['-listen-users', usersFile(t)],
  async (t, parts, port) => {
    const refused = listen(t, port)
    t.equal(String(await refused.closed), 'a user and a password are required\n')
    t.match(refused.head(), /^HTTP\/1.1 401 [^]*WWW-Authenticate: Basic realm="listen"/)
    t.match(refused.head(), 'Access-Control-Allow-Origin: *')
    t.equal(await statusOf(listen(t, port, '/', WRONG)), 401)
    t.equal(await statusOf(listen(t, port, '/?user=anna&pass=guess')), 401)
    const head = connectTo(t, port, 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n')
    t.equal(await statusOf(head), 401)
    t.equal((await head.closed).length, 0)
    const one = listen(t, port, '/', RIGHT)
    const other = listen(t, port, '/?user=ben&pass=hackme')
    await parts.logged(/listener connected.* user=anna/)
    await parts.logged(/listener connected.* user=ben/)
    parts.source.give(Buffer.from('aaaa'))
    t.equal(String(await one.bodyHas(4)), 'aaaa')
    t.equal(String(await other.bodyHas(4)), 'aaaa')
    t.notOk(parts.log.records.some((record) => JSON.stringify(record).includes('hackme')))
  },
)

inBoth(
  'a network with too many wrong passwords is refused for a minute, and others are not',
  (t) => ['-listen-users', usersFile(t)],
  async (t, parts, port) => {
    for (let i = 0; i < 5; i++) t.equal(await statusOf(listen(t, port, '/', basic('anna', `${i}`))), 401)
    const refused = listen(t, port, '/', RIGHT)
    t.equal(await statusOf(refused), 429)
    t.match(refused.head(), 'Retry-After: 60')
    t.equal(await statusOf(listen(t, port)), 401, 'without credentials it is told that they are needed')
    listen(t, port, '/', RIGHT, from('127.0.0.2'))
    await parts.logged(/listener connected/)
    await parts.has(1)
  },
)

inBoth(
  'only a signed link permits to listen',
  () => ['-listen-key', 'sesame'],
  async (t, parts, port) => {
    const time = Math.round(Date.now() / 1000) + 60
    for (const [path, line] of [
      ['/', 'this stream needs a signed link\n'],
      [link(time, 'other'), 'the signature of this link is wrong\n'],
      [link(1_700_000_000), 'this link has ended\n'],
    ] as const) {
      const refused = listen(t, port, path)
      t.equal(String(await refused.closed), line)
      t.equal(await statusOf(refused), 403)
    }
    const listener = listen(t, port, link(time))
    await parts.has(1)
    parts.source.give(Buffer.from('aaaa'))
    t.equal(String(await listener.bodyHas(4)), 'aaaa')
  },
)

inBoth(
  'all rules of a stream must agree',
  (t) => ['-listen-key', 'sesame', '-listen-users', usersFile(t)],
  async (t, parts, port) => {
    const signed = link(Math.round(Date.now() / 1000) + 60)
    t.equal(await statusOf(listen(t, port, '/', RIGHT)), 403)
    t.equal(await statusOf(listen(t, port, signed)), 401)
    listen(t, port, signed, RIGHT)
    await parts.has(1)
  },
)

t.test('a stream has a number of places for the listeners of all threads', async (t) => {
  const parts = await openProgram(t, [...RAW, '-max-listeners', '2', '-content-type', 'audio/x-test'])
  const { port } = await parts.start()
  const first = listen(t, parts.port)
  listen(t, port)
  await parts.has(2)
  for (const one of [parts.port, port]) {
    const refused = listen(t, one)
    t.equal(await statusOf(refused), 503)
    t.match(refused.head(), 'Retry-After: 10')
    t.equal(await statusOf(connectTo(t, one, 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n')), 503)
  }
  first.reset()
  await parts.has(1)
  t.equal(await statusOf(connectTo(t, port, 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n')), 200)
  listen(t, port)
  await parts.has(2)
  t.equal(await statusOf(listen(t, parts.port)), 503)
})

t.test('listeners above the limit are sent to another address', async (t) => {
  const parts = await openProgram(t, [...RAW, '-max-listeners', '1', '-when-full', 'http://other.example/live'])
  const { port } = await parts.start()
  listen(t, port)
  await parts.has(1)
  for (const one of [parts.port, port]) {
    const sent = listen(t, one)
    t.match(await sent.headCame(), /^HTTP\/1.1 302 Found[^]*Location: http:\/\/other.example\/live/)
  }
})

t.test('an address and a user have a number of places in all threads', async (t) => {
  const flags = ['-max-listeners-per-address', '2', '-max-connections-per-user', '1', '-listen-users', usersFile(t)]
  const parts = await openProgram(t, [...RAW, ...flags])
  const { port } = await parts.start()
  listen(t, parts.port, '/', RIGHT)
  await parts.has(1)
  const again = listen(t, port, '/', RIGHT)
  t.equal(String(await again.closed), 'this user has too many connections to this stream\n')
  t.equal(await statusOf(again), 429)
  listen(t, port, '/', basic('ben', 'hackme'))
  await parts.has(2)
  const third = listen(t, parts.port, '/', basic('ben', 'hackme'))
  t.equal(String(await third.closed), 'this address has too many listeners of this stream\n')
  t.equal(await statusOf(third), 429)
})

t.test('a thread that crashes frees the places of its listeners', async (t) => {
  const parts = await openProgram(t, [...RAW, '-max-listeners', '2'])
  const { port, worker } = await parts.start()
  listen(t, port)
  listen(t, port)
  await parts.has(2)
  t.equal(await statusOf(listen(t, parts.port)), 503)
  await worker.terminate()
  await parts.has(0)
  listen(t, parts.port)
  listen(t, parts.port)
  await parts.has(2)
})

t.test('a client that has disconnected while it was asked about has no place', async (t) => {
  const flags = ['-max-listeners', '1', '-content-type', 'audio/x-test', '-listen-users', usersFile(t)]
  const parts = await openProgram(t, [...RAW, ...flags])
  const { port } = await parts.start()
  for (const one of [parts.port, port]) {
    const hasty = listen(t, one, '/', basic('anna', 'hackme'))
    hasty.reset()
    await hasty.closed
  }
  // The server may notice that they have gone only once they are listeners.
  let status = 503
  while (status === 503) status = await statusOf(listen(t, port, '/', RIGHT))
  t.equal(status, 200)
  await parts.has(1)
})

t.test('pages of other sites may send credentials', async (t) => {
  const parts = await openProgram(t, RAW)
  const asked = connectTo(t, parts.port, 'OPTIONS / HTTP/1.1\r\nHost: x\r\nOrigin: http://other.example\r\n\r\n')
  t.match(await asked.headCame(), /Access-Control-Allow-Headers: [^\r]*Authorization/)
})

t.test('a network that guesses passwords faster than it is read is disconnected, and others are not', async (t) => {
  const parts = await openProgram(t, [...RAW, '-listen-users', usersFile(t)])
  const { port } = await parts.start()
  for (const one of [parts.port, port]) {
    const guesses = Array.from({ length: 200 }, (_, i) => listen(t, one, '/', basic('anna', `${i}`)))
    const answers = await Promise.all(guesses.map(async (guess) => (await guess.closed, guess.head().slice(9, 12))))
    const more = Array.from({ length: 200 }, (_, i) => listen(t, one, '/', basic('anna', `more ${i}`)))
    for (const guess of more) await guess.closed
    t.ok(more.filter((guess) => guess.head() === '').length > 100, 'most are not read')
    t.ok(answers.filter((status) => status === '401').length <= 5)
    const member = listen(t, one, '/', RIGHT, from('127.0.0.2'))
    t.ok((await parts.logged(/listener connected/)) === undefined)
    member.reset()
    await parts.has(0)
  }
})
