import { networkInterfaces } from 'node:os'
import t from 'tap'
import { reachableUrls } from '../../src/program/reachable.ts'
import { makeFifo } from '../fifos.ts'
import { needs } from '../programs.ts'
import { run, startServer } from '../streamserve.ts'

const other = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.internal === false && one.family === 'IPv4')?.address

t.test('logs an address that clients can open, for any source', { skip: needs('mkfifo') }, async (t) => {
  const fifo = makeFifo(t.testdir(), 'radio')
  const expected = new RegExp(`address=http://${other ?? 'localhost'}:\\d+/$`)
  for (const [address, ...source] of [
    [':0', '-demo'],
    ['0.0.0.0:0', '-exec', 'cat /dev/zero'],
    ['0.0.0.0:0', '-path', fifo],
  ] as const) {
    const server = await startServer(t, ['-address', address, ...source])
    t.match(await server.logged(/listening/), expected, source.join(' '))
  }
  const alone = await startServer(t, ['-address', '127.0.0.1:0', '-demo'])
  t.match(await alone.logged(/listening/), /address=http:\/\/127\.0\.0\.1:\d+\/$/)
})

t.test('logs the address of each FIFO of a directory', { skip: needs('mkfifo') }, async (t) => {
  const directory = t.testdir()
  for (const name of ['tower', 'ground 1']) makeFifo(directory, name)
  const server = await startServer(t, ['-path', directory])
  const lines = await server.loggedTimes(/listening/, 2)
  t.match(lines[0], /address=http:\/\/127\.0\.0\.1:\d+\/ground%201$/)
  t.match(lines[1], /address=http:\/\/127\.0\.0\.1:\d+\/tower$/)
  for (const name of Array.from({ length: 30 }, (_, index) => `more-${index}`)) makeFifo(directory, name)
  const full = await startServer(t, ['-path', directory])
  t.match(await full.logged(/listening.* streams=/), / streams=32$/)
  t.equal(full.count(/listening/), 22)
})

function at(address: string, internal = false): object {
  return { address, internal, family: address.includes(':') ? 'IPv6' : 'IPv4' }
}

t.test('returns the URLs that are reachable in the network', async (t) => {
  const interfaces = {
    lo: [at('127.0.0.1', true), at('::1', true)],
    eth0: [at('192.0.2.7'), at('fe80::1'), at('fd00::7')],
    eth1: [at('198.51.100.3')],
  } as unknown as ReturnType<typeof networkInterfaces>
  t.strictSame(reachableUrls('http://[::]:8080', interfaces), ['http://192.0.2.7:8080', 'http://198.51.100.3:8080'])
  t.strictSame(reachableUrls('http://0.0.0.0:80', interfaces), ['http://192.0.2.7:80', 'http://198.51.100.3:80'])
  const { lo } = interfaces
  const only6 = { lo, eth0: interfaces['eth0']?.slice(1) ?? [] }
  t.strictSame(reachableUrls('http://[::]:8080', only6), ['http://[fd00::7]:8080'])
  t.strictSame(reachableUrls('http://0.0.0.0:8080', only6), ['http://localhost:8080'])
  t.strictSame(reachableUrls('http://[::]:8080', { lo }), ['http://localhost:8080'])
  for (const url of ['http://127.0.0.1:8080', 'http://[fd00::7]:8080', 'http://[::1]:1'])
    t.strictSame(reachableUrls(url, interfaces), [url])
})

t.test('listens at several addresses, and serves the same streams at each', async (t) => {
  const server = await startServer(t, ['-address', '127.0.0.1:0', '127.0.0.1:0', '-demo'])
  const lines = await server.loggedTimes(/listening/, 2)
  const urls = lines.map((line) => /address=(\S+)/.exec(line)?.[1] ?? '')
  t.equal(new Set(urls).size, 2)
  for (const url of urls) {
    const response = await fetch(url)
    t.equal(response.status, 200)
    await response.body?.cancel()
  }
})

t.test('refuses a second address whose port is in use', async (t) => {
  const taken = await startServer(t, ['-address', '127.0.0.1:0', '-demo'])
  const port = new URL(taken.url).port
  const { code, stderr } = await run(['-address', '127.0.0.1:0', `127.0.0.1:${port}`, '-demo'])
  t.equal(code, 1)
  t.match(stderr, /cannot listen at 127\.0\.0\.1:\d+: the port is in use by another program/)
})
