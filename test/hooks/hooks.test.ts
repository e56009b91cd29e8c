import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { type Client, connectTo, listen } from '../client.ts'
import { readFeed } from '../endpoints/status/feed-reader.ts'
import { makeFifo, writeAll } from '../fifos.ts'
import { processesWith, uniqueToken, until, untilGone, untilThere } from '../processes.ts'
import { type Server, startServer } from '../streamserve.ts'
import { needsNewerNode, newerNode } from '../threads/newer-node.ts'

t.jobs = 3

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']

type Values = Readonly<Record<string, unknown>>

/** A folder that is there until the programs of the test have ended. */
function folder(): string {
  return mkdtempSync(join(tmpdir(), 'streamserve-'))
}

/** A hook that adds the JSON of its events to a file. */
function recorder() {
  const file = join(folder(), 'events')
  const events = () => (existsSync(file) ? readFileSync(file, 'utf8') : '').split('\n').slice(0, -1)
  const parsed = () => events().map((line) => JSON.parse(line) as Values)
  return {
    command: `cat >> '${file}'`,
    events: parsed,
    has: (what: string, isIt: (event: Values) => boolean) => until(what, () => parsed().some(isIt)),
  }
}

/** Starts a server whose flags, and so the tokens of its hooks, are not in its command line. */
function startConfigured(t: Test, ...lines: readonly string[]): Promise<Server> {
  const file = join(folder(), 'trial.conf')
  writeFileSync(file, lines.join('\n'))
  return startServer(t, ['-config', file])
}

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly method: string
  readonly body: Values
}

/** A server that hooks send events to. */
async function startReceiver(t: Test, answer: (response: ServerResponse) => void) {
  const received: Received[] = []
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const body = JSON.parse(await text(request)) as Values
    received.push({ headers: request.headers, method: request.method ?? '', body })
    answer(response)
  }
  const server = createServer((request, response) => {
    void receive(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/S3cret?token=S3cret` }
}

/** Publishes bytes until the test ends. */
function publishAt(t: Test, port: number, path: string): Client {
  const authorization = Buffer.from('source:hackme').toString('base64')
  const head = `PUT ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Basic ${authorization}\r\nUser-Agent: butt\r\n\r\n`
  return connectTo(t, port, `${head}1234567890`)
}

t.test('a command gets the event as JSON and in its environment', async (t) => {
  const file = join(folder(), 'environment')
  const { command, has, events } = recorder()
  const hook = `env -0 > '${file}'; ${command}`
  const server = await startServer(t, [...RAW, '-exec', 'echo 123; exec sleep 600', '-on-source-up', hook])
  listen(t, server.port)
  await has('an event', ({ event }) => event === 'source-up')
  const [event] = events()
  t.match(event, {
    event: 'source-up',
    stream: '/',
    time: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
    id: Number,
    source: 'echo 123; exec sleep 600',
    skipped: 0,
  })
  const environment = readFileSync(file, 'utf8').split('\0')
  for (const [name, field] of [
    ['EVENT', 'event'],
    ['STREAM', 'stream'],
    ['TIME', 'time'],
    ['ID', 'id'],
    ['SOURCE', 'source'],
    ['SKIPPED', 'skipped'],
  ] as const) {
    t.ok(environment.includes(`STREAMSERVE_${name}=${String(event?.[field])}`), name)
  }
  t.ok(environment.includes('STREAMSERVE_FORMAT='), 'null is empty')
})

t.test('a URL gets the event in a POST', async (t) => {
  const { received, url } = await startReceiver(t, (response) => response.writeHead(204).end())
  const server = await startServer(t, ['-demo', '-on-listen', url, '-on-leave', url])
  const listener = listen(t, server.port, '/', 'User-Agent: VLC\r\n')
  await until('the listener is there', () => received.length === 1)
  await listener.bodyHas(1)
  listener.reset()
  await until('the listener has left', () => received.length === 2)
  t.match(received, [
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: { event: 'listen', stream: '/', agent: 'VLC', address: '127.0.0.1' },
    },
    { body: { event: 'leave', listeners: 0 } },
  ])
  server.child.kill()
  await server.exited
  t.notMatch(server.log(), /hook/)
})

t.test('the body of the response of a URL is not read', async (t) => {
  const { received, url } = await startReceiver(t, (response) => response.end(Buffer.alloc(10_000_000)))
  const server = await startServer(t, ['-demo', '-on-start', url, '-on-listen', url])
  listen(t, server.port)
  await until('both events', () => received.length === 2)
  server.child.kill()
  await server.exited
  t.notMatch(server.log(), /hook/)
})

t.test('a URL with a certificate of unknown origin gets nothing', async (t) => {
  const upstream = await startServer(t, ['-tls', '-demo'])
  const server = await startServer(t, ['-demo', '-on-start', `https://127.0.0.1:${upstream.port}/`])
  t.match(await server.logged(/hook failed/), /event=start reason=.*(self-signed|certificate)/)
})

t.test('failures of hooks are logged without the secrets in them', async (t) => {
  const redirect = await startReceiver(t, (response) => response.writeHead(302, { Location: '/other' }).end())
  const flags = ['-demo', '-on-first-listener', redirect.url, '-on-start', 'nowhere-at-all-S3cret-word']
  const failing = 'echo one >&2; echo "cannot log in: password=S3cret" >&2; exit 3'
  const server = await startServer(t, [...flags, '-on-listen', failing])
  listen(t, server.port)
  t.match(await server.logged(/hook failed event=first-listener/), /stream=\/ reason="status 302"/)
  t.match(await server.logged(/hook failed event=start/), /ENOENT/)
  t.match(
    await server.logged(/hook failed event=listen/),
    /reason="exit code 3" stderr="cannot log in: password=\*\*\*"/,
  )
  t.equal(redirect.received.length, 1)
  const unreachable = await startServer(t, ['-demo', '-on-start', 'http://me:S3cret@127.0.0.1:1/S3cret?S3cret'])
  t.match(await unreachable.logged(/hook failed event=start/), /ECONNREFUSED/)
  t.notMatch(unreachable.log(), /S3cret/)
  t.notMatch(server.log().replaceAll('nowhere-at-all-S3cret-word', ''), /S3cret/)
})

t.test('a hook that hangs is ended after 10 s, with everything that it has started', async (t) => {
  const token = uniqueToken()
  const silent = await startReceiver(t, () => {})
  const hanging = `trap '' TERM; sh -c 'sleep 600; : ${token}' & sleep 600; : ${token}`
  const simple = [`on-listen sleep 600; : ${token}`, `on-first-listener ${silent.url}`]
  const server = await startConfigured(t, 'demo', ...simple)
  listen(t, server.port)
  const stubborn = await startConfigured(t, 'demo', `on-start ${hanging}`)
  await untilThere(token, 3)
  t.match(await server.logged(/hook failed event=listen/), /reason="no end within 10 s"/)
  t.match(await server.logged(/hook failed event=first-listener/), /reason="no end within 10 s"/)
  await untilGone(token)
  t.match(await stubborn.logged(/hook failed event=start/), /no end within 10 s/)
})

t.test('what a command has left running ends with it', async (t) => {
  const token = uniqueToken()
  const { command, has } = recorder()
  const server = await startConfigured(t, 'demo', `on-listen sh -c 'sleep 600; : ${token}' & ${command}`)
  listen(t, server.port)
  await has('an event', () => true)
  await untilGone(token)
})

t.test('a source that flaps starts at most four commands at a time, and the last state is delivered', async (t) => {
  const directory = folder()
  const fifo = makeFifo(directory)
  const { command, has, events } = recorder()
  const hook = `echo + >> '${directory}/running'; sleep 0.05; echo - >> '${directory}/running'; ${command}`
  const flags = ['-on-source-up', hook, '-on-source-down', hook]
  const server = await startServer(t, [...RAW, '-warm', '-path', fifo, ...flags])
  const feed = await readFeed(t, server.url)
  for (let i = 0; i < 30; i++) await writeAll(t, fifo, Buffer.alloc(4 * i + 4))
  const last = Buffer.from('the last one')
  await writeAll(t, fifo, last)
  await until('the source is down', () => feed.events.at(-1)?.name === 'source-down')
  const happened = (name: string) => feed.events.filter((event) => event.name === name).length
  const counted = (name: string) =>
    events()
      .filter(({ event }) => event === name)
      .reduce((sum, { skipped }) => sum + Number(skipped) + 1, 0)
  await has('the last state', ({ id }) => id === feed.events.at(-1)?.data['id'])
  t.ok(happened('source-down') > 10)
  for (const name of ['source-up', 'source-down']) t.equal(counted(name), happened(name))
  t.equal(events().at(-1)?.['event'], 'source-down')
  let running = 0
  for (const line of readFileSync(`${directory}/running`, 'utf8').split('\n')) {
    running += line === '+' ? 1 : line === '-' ? -1 : 0
    t.ok(running <= 4)
  }
})

t.test('a hostile title reaches a command as it is, and does nothing else', async (t) => {
  const file = join(folder(), 'title')
  const { command, has, events } = recorder()
  const trap = join(folder(), 'trap')
  const hook = `printf %s "$STREAMSERVE_TITLE" > '${file}'; ${command}`
  const server = await startServer(t, [...RAW, '-publish', '-publish-password', 'hackme', '-on-title', hook])
  const publisher = publishAt(t, server.port, '/radio')
  await server.logged(/publisher connected/)
  const title = `'; touch ${trap}; "$(touch ${trap})" \`touch ${trap}\` \\ ${'ü'.repeat(20)} 🎵`
  for (const song of [title, `a\nb\u2028c\u001bd${'x'.repeat(6_000)}`]) {
    const query = new URLSearchParams({ mount: '/radio', mode: 'updinfo', song, charset: 'utf-8' })
    const authorization = `Basic ${Buffer.from('source:hackme').toString('base64')}`
    const answer = await fetch(`${server.url}/admin/metadata?${query.toString()}`, { headers: { authorization } })
    t.equal(answer.status, 200)
    publisher.socket.write('1234')
  }
  await has('the title', ({ title: text }) => text === title)
  await has('the long title', ({ title: text }) => String(text).includes('xxx'))
  const long = events().find(({ title: text }) => String(text).includes('xxx'))
  t.equal(readFileSync(file, 'utf8'), String(long?.['title']))
  t.notOk(existsSync(trap))
})

t.test('a reload changes the hooks of a stream while it goes on', async (t) => {
  const [one, two] = [recorder(), recorder()]
  const file = join(folder(), 'trial.conf')
  writeFileSync(file, `demo\non-listen ${one.command}\n`)
  const server = await startServer(t, ['-config', file])
  const listener = listen(t, server.port)
  await one.has('the first listener', ({ listeners }) => listeners === 1)
  writeFileSync(file, `demo\non-listen ${two.command}\n`)
  server.child.kill('SIGHUP')
  await server.logged(/configuration reloaded/)
  listen(t, server.port)
  await two.has('the second listener', ({ listeners }) => listeners === 2)
  await listener.bodyHas(listener.body().length + 1)
  t.equal(one.events().length, 1)
})

t.test('the hooks of a wildcard are those of the streams below it', async (t) => {
  const { command, has, events } = recorder()
  const hooks = ['publish', 'source-up', 'source-down'].map((name) => `on-${name} ${command}`)
  const lines = ['[/guests/*]', 'publish', 'publish-password hackme', 'frame-filter raw', 'frame-bytes 4', ...hooks]
  const server = await startConfigured(t, ...lines)
  const client = publishAt(t, server.port, '/guests/anna')
  await has('the publisher', ({ event }) => event === 'source-up')
  client.reset()
  await has('its end', ({ event }) => event === 'source-down')
  t.match(
    events().find(({ event }) => event === 'publish'),
    { stream: '/guests/anna', user: 'source', agent: 'butt' },
  )
})

t.test('the program has hooks for its start and its end', async (t) => {
  const { command, events, has } = recorder()
  const slow = `sleep 0.3; ${command}`
  const server = await startServer(t, ['-demo', '-on-start', command, '-on-stop', slow, '-on-source-down', command])
  await has('the start', ({ event }) => event === 'start')
  await listen(t, server.port).bodyHas(1)
  server.child.kill('SIGTERM')
  t.equal(await server.exited, 0)
  t.match(
    events().find(({ event }) => event === 'start'),
    { stream: null, url: server.url.replace('127.0.0.1', String), version: /^\d+\.\d+/ },
  )
  t.match(
    events().find(({ event }) => event === 'stop'),
    { stream: null, reason: 'SIGTERM', secondsUp: Number },
  )
  t.match(
    events().find(({ event }) => event === 'source-down'),
    { stream: '/', reason: 'shutting down' },
  )
})

t.test('the program ends although its hooks hang', async (t) => {
  const token = uniqueToken()
  const hanging = `trap '' TERM; while :; do sleep 600; done; : ${token}`
  const flags = [`on-start ${hanging}`, `on-stop ${hanging}`, `on-listen ${hanging}`]
  const server = await startConfigured(t, 'demo', ...flags)
  for (let i = 0; i < 5; i++) listen(t, server.port)
  await untilThere(token, 4)
  const began = performance.now()
  server.child.kill('SIGTERM')
  t.equal(await server.exited, 0)
  t.ok(performance.now() - began < 15_000)
  t.match(server.log(), /hook events omitted count=\d+ events="listen of/)
  await untilGone(token)
})

t.test('the commands of hooks die with a program that is killed', async (t) => {
  const token = uniqueToken()
  const { command, has } = recorder()
  const server = await startConfigured(t, 'demo', `on-start ${command}; sleep 600; : ${token}`)
  await has('an event', () => true)
  await untilThere(token, 1)
  server.child.kill('SIGKILL')
  await server.exited
  await untilGone(token)
  t.strictSame(processesWith(token), [])
})

t.test('a command that writes much to its outputs does not disturb the program', async (t) => {
  const script = join(folder(), 'loud')
  writeFileSync(script, '#!/bin/sh\nyes stdout & yes stderr >&2 & wait\n')
  chmodSync(script, 0o755)
  const server = await startServer(t, ['-demo', '-on-first-listener', script])
  const listener = listen(t, server.port)
  await listener.bodyHas(200_000)
  t.match(await server.logged(/hook failed/), /no end within 10 s" stderr=stderr/)
})

t.test('hooks get the listeners of delivery threads', { skip: needsNewerNode }, async (t) => {
  const { command, events, has } = recorder()
  const flags = ['-demo', '-cpu-max', '2', '-on-leave', command]
  const server = await startServer(t, flags, { node: newerNode })
  const listeners = Array.from({ length: 6 }, () => listen(t, server.port))
  await Promise.all(listeners.map((listener) => listener.bodyHas(1)))
  for (const listener of listeners) listener.reset()
  await until('all have left', () => events().length === 6)
  await has('the last one', ({ event }) => event === 'leave')
})
