import type { ServerResponse } from 'node:http'
import t, { type Test } from 'tap'
import { type Client, connectTo, listen } from '../client.ts'
import { openProgram, type TestHouse } from '../threads/program-parts.ts'
import { type Answer, type CallbackServer, startCallbacks, yes } from './callback-server.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4', '-burst', '0', '-content-type', 'audio/x-test']
const CREDENTIALS = `Authorization: Basic ${btoa('anna:hackme')}\r\n`
const MEGABYTE = Buffer.alloc(1024 * 1024)

async function statusOf(client: Client): Promise<number> {
  return Number((await client.headCame()).slice(9, 12))
}

/** Runs a test with listeners of the main thread, and with those of a delivery thread. */
function inBoth(
  name: string,
  answer: Answer,
  flags: readonly string[],
  test: (t: Test, parts: TestHouse, port: number, callbacks: CallbackServer) => Promise<void>,
) {
  for (const where of ['main', 'a delivery'] as const) {
    t.test(`${name} (${where} thread)`, async (t) => {
      const callbacks = await startCallbacks(t, answer)
      const parts = await openProgram(t, [...RAW, '-listen-url', `${callbacks.url}/ask?key=1`, ...flags])
      await test(t, parts, where === 'main' ? parts.port : (await parts.start()).port, callbacks)
    })
  }
}

inBoth('a URL is asked about each listener, and notified of its end', yes(), [], async (t, parts, port, callbacks) => {
  const fields = `${CREDENTIALS}User-Agent: a player/1\r\n`
  const listener = listen(t, port, '/?x=%20y', fields)
  await parts.logged(/listener connected.* user=anna/)
  parts.source.give(Buffer.from('aaaa'))
  t.equal(String(await listener.bodyHas(4)), 'aaaa')
  const [asked] = callbacks.posted
  t.match(asked?.form, {
    action: 'listener_add',
    server: 'localhost',
    port: /^\d+$/,
    client: /^\d+$/,
    mount: '/?x=%20y',
    user: 'anna',
    pass: 'hackme',
    ip: '127.0.0.1',
    agent: 'a player/1',
  })
  t.equal(asked?.path, '/ask?key=1')
  listener.reset()
  const left = await callbacks.got(({ form }) => form['action'] === 'listener_remove')
  t.strictSame(left.form, { ...asked?.form, action: 'listener_remove', duration: left.form['duration'] })
  t.match(left.form['duration'], /^\d+$/)
})

inBoth(
  'a no is 403 with its reason, or 401 without credentials',
  (_, response) => void response.writeHead(200, { 'icecast-auth-message': 'no subscription' }).end(),
  [],
  async (t, parts, port) => {
    const refused = listen(t, port, '/', CREDENTIALS)
    t.equal(String(await refused.closed), 'no subscription\n')
    t.equal(await statusOf(refused), 403)
    const missing = listen(t, port)
    t.equal(await statusOf(missing), 401)
    t.match(missing.head(), 'WWW-Authenticate: Basic')
    await parts.has(0)
  },
)

inBoth(
  'a time limit ends the listener',
  yes({ 'icecast-auth-timelimit': '1' }),
  [],
  async (t, parts, port, callbacks) => {
    const listener = listen(t, port)
    await parts.logged(/listener disconnected.* reason=time limit/)
    await listener.closed
    await callbacks.got(({ form }) => form['action'] === 'listener_remove')
    await parts.has(0)
  },
)

inBoth(
  'a redirect sends the listener there',
  (_, response) => void response.writeHead(302, { Location: 'http://other.example/live?x=1' }).end(),
  [],
  async (t, _, port) => {
    t.match(await listen(t, port).headCame(), /^HTTP\/1.1 302 [^]*Location: http:\/\/other.example\/live\?x=1/)
    t.match(await connectTo(t, port, 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n').headCame(), /^HTTP\/1.1 302 /)
  },
)

inBoth(
  'a URL that says yes to one listener too many is notified that it is not connected',
  yes(),
  ['-max-listeners', '1'],
  async (t, parts, port, callbacks) => {
    const both = [listen(t, port), listen(t, port)]
    const statuses = await Promise.all(both.map(statusOf))
    t.strictSame(new Set(statuses), new Set([200, 503]))
    const added = callbacks.posted.filter(({ form }) => form['action'] === 'listener_add')
    if (added.length === 2) await callbacks.got(({ form }) => form['action'] === 'listener_remove')
    await parts.has(1)
    t.equal(await statusOf(listen(t, port)), 503)
    t.equal(callbacks.posted.filter(({ form }) => form['action'] === 'listener_add').length, added.length)
  },
)

const FAULTS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  fails: (response) => void response.writeHead(500).end(),
  'answers 10 MB': (response) => {
    response.writeHead(200, { 'icecast-auth-user': '1' })
    for (let i = 0; i < 10; i++) response.write(MEGABYTE)
  },
  'closes without an answer': (response) => void response.destroy(),
  'closes in the middle': (response) => {
    response.writeHead(200, { 'icecast-auth-user': '1', 'Content-Length': '100' })
    response.write('half', () => response.destroy())
  },
  'answers something else than HTTP': (response) => void response.socket?.end('SSH-2.0-OpenSSH\r\n'),
  'redirects to a file': (response) => void response.writeHead(302, { Location: 'file:///etc/passwd' }).end(),
}

for (const [fault, answer] of Object.entries(FAULTS)) {
  t.test(`a URL that ${fault} refuses only those that it was asked about`, async (t) => {
    const callbacks = await startCallbacks(t, ({ form }, response) =>
      form['user'] === 'anna' ? answer(response) : void response.writeHead(200, { 'icecast-auth-user': '1' }).end(),
    )
    const parts = await openProgram(t, [...RAW, '-listen-url', callbacks.url])
    const refused = listen(t, parts.port, '/', CREDENTIALS)
    const other = listen(t, parts.port)
    t.equal(await statusOf(refused), 503)
    t.match(refused.head(), 'Retry-After: 10')
    t.match(String(await refused.closed), 'could not be checked')
    t.equal(await statusOf(other), 200)
    await parts.logged(/access callback failed/)
    t.notOk(parts.log.records.some((record) => JSON.stringify(record).includes('hackme')))
  })
}

t.test('a URL that does not answer refuses after five seconds, and holds up no others', async (t) => {
  const callbacks = await startCallbacks(t, (posted, response) => {
    if (posted.form['user'] !== 'anna') yes()(posted, response)
  })
  const parts = await openProgram(t, [...RAW, '-listen-url', callbacks.url])
  const started = performance.now()
  const hanging = Array.from({ length: 20 }, () => listen(t, parts.port, '/', CREDENTIALS))
  t.equal(await statusOf(listen(t, parts.port)), 200)
  t.ok(performance.now() - started < 4_000)
  for (const one of hanging) t.equal(await statusOf(one), 503)
  t.ok(performance.now() - started > 4_900)
})

t.test('user and password of the URL are sent, and not logged', async (t) => {
  const callbacks = await startCallbacks(t, (_, response) => void response.writeHead(500).end())
  const url = callbacks.url.replace('//', '//us%65r:p%40ss@')
  const parts = await openProgram(t, [...RAW, '-listen-url', `${url}/x?secret=1`])
  t.equal(await statusOf(listen(t, parts.port)), 503)
  t.equal(callbacks.posted[0]?.authorization, `Basic ${btoa('user:p@ss')}`)
  await parts.logged(/access callback failed url=http:\/\/127.0.0.1:\d+\/x error=/)
})
