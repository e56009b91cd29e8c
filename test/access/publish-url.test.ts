import t from 'tap'
import { Callbacks } from '../../src/access/callbacks/callbacks.ts'
import { PublishCallbacks } from '../../src/access/callbacks/publish-callbacks.ts'
import { Logins } from '../../src/access/logins.ts'
import { createPublisherGate } from '../../src/access/publisher-gate.ts'
import { connectTo } from '../client.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'
import { PUBLISH_RULES } from '../plans.ts'
import { startServer } from '../streamserve.ts'
import { type CallbackServer, startCallbacks, yes } from './callback-server.ts'

const CREDENTIALS = `Authorization: Basic ${btoa('dj:hackme')}\r\n`
const DJ = { user: 'dj', password: 'hackme' }
const QUESTION = { mount: '/dj', address: '192.0.2.1', agent: 'butt', host: 'radio.example:8000', isTitle: false }

function put(fields: string): string {
  return `PUT /dj HTTP/1.1\r\nHost: x\r\nContent-Type: audio/mpeg\r\nUser-Agent: butt\r\n${fields}\r\n`
}

function openGate() {
  const clock = createManualClock()
  const log = keepLog()
  const callbacks = new PublishCallbacks(new Callbacks(clock, log.logger), () => 8000, clock)
  return { clock, gate: createPublisherGate(new Logins(clock, log.logger), async () => callbacks) }
}

function rulesOf({ url }: CallbackServer, more: object = {}) {
  return { ...PUBLISH_RULES, password: undefined, url, ...more }
}

t.test('a URL decides about publishers, and is enough as a way to log in', async (t) => {
  const callbacks = await startCallbacks(t, ({ form }, response) => {
    const fields =
      form['pass'] === 'hackme' ? { 'icecast-auth-user': '1' } : { 'icecast-auth-message': 'not your hour' }
    response.writeHead(200, fields).end()
  })
  const server = await startServer(t, ['-publish', '-publish-url', callbacks.url])
  const missing = connectTo(t, server.port, put(''))
  t.match(await missing.headCame(), / 401 /)
  t.equal(callbacks.posted.length, 0)
  const denied = connectTo(t, server.port, put(CREDENTIALS.replace(btoa('dj:hackme'), btoa('dj:guess'))))
  t.match(await denied.headCame(), / 403 not your hour/)
  const publisher = connectTo(t, server.port, put(CREDENTIALS))
  t.match(await publisher.headCame(), / 200 OK/)
  t.match(callbacks.posted.at(-1)?.form, {
    action: 'stream_auth',
    mount: '/dj',
    user: 'dj',
    pass: 'hackme',
    ip: '127.0.0.1',
    agent: 'butt',
  })
  const title = 'GET /admin/metadata?mode=updinfo&mount=/dj&song=x HTTP/1.1\r\nHost: x\r\n'
  t.match(await connectTo(t, server.port, `${title}${CREDENTIALS}\r\n`).headCame(), / 200 /)
  t.equal(callbacks.posted.length, 2, 'the answer is remembered for titles')
  t.notMatch(server.log(), 'hackme')
})

t.test('a URL without an answer refuses with 503', async (t) => {
  const callbacks = await startCallbacks(t, (_, response) => void response.destroy())
  const server = await startServer(t, ['-publish', '-publish-url', callbacks.url])
  const refused = connectTo(t, server.port, put(CREDENTIALS))
  t.match(await refused.headCame(), / 503 [^]*Retry-After: 10/)
})

t.test('password and URL must both agree where both are set', async (t) => {
  const callbacks = await startCallbacks(t, yes())
  const { gate } = openGate()
  const rules = rulesOf(callbacks, { user: 'dj', password: 'hackme' })
  t.equal(await gate.check(rules, { ...DJ, password: 'guess' }, 'a', QUESTION), 'wrong')
  t.equal(callbacks.posted.length, 0)
  t.equal(await gate.check(rules, DJ, 'a', QUESTION), 'granted')
  t.equal(callbacks.posted.length, 1)
})

t.test('a yes is remembered for a minute, and a no counts as a wrong password', async (t) => {
  let answer = yes()
  const callbacks = await startCallbacks(t, (posted, response) => answer(posted, response))
  const { gate, clock } = openGate()
  const rules = rulesOf(callbacks)
  const check = (question = QUESTION) => gate.check(rules, DJ, 'a', question)
  t.equal(await check(), 'granted')
  t.equal(await check({ ...QUESTION, isTitle: true }), 'granted')
  t.equal(callbacks.posted.length, 1)
  await clock.advance(60_000)
  t.equal(await check({ ...QUESTION, isTitle: true }), 'granted')
  t.match(callbacks.posted[1]?.form, { admin: '1', server: 'radio.example', port: '8000' })
  answer = (_, response) => void response.end()
  await clock.advance(60_000)
  for (let i = 0; i < 5; i++) t.strictSame(await check(), { denied: undefined })
  t.equal(await check(), 'too many')
})
