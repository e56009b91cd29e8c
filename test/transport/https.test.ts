import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { connectTo, listen } from '../client.ts'
import { visitOf } from '../delivery/visits.ts'
import { areConsecutive, numberBytes, numbers, numbersIn } from '../feeders.ts'
import { until } from '../processes.ts'
import { needs } from '../programs.ts'
import { type Server, startServer } from '../streamserve.ts'
import { listenSecurely, localPair, securely, startSecure } from '../tls/secure.ts'

const SOURCE = ['-frame-filter', 'raw', '-exec', ...numbers()]

/** Starts the program with a certificate that the test knows. @returns the server, and the path of the certificate */
async function startKnown(t: Test, flags: readonly string[]): Promise<{ server: Server; cert: string }> {
  const pair = await localPair()
  const directory = t.testdir()
  const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')]
  writeFileSync(cert, pair.cert)
  writeFileSync(key, pair.key)
  return { server: await startServer(t, ['-tls-cert', cert, '-tls-key', key, ...flags]), cert }
}

t.test('serves HTTP and HTTPS at one port', async (t) => {
  const { server, cert } = await startKnown(t, SOURCE)
  const plain = await listen(t, server.port).bodyHas(640)
  t.ok(areConsecutive(numbersIn(plain.subarray(0, 640))))
  const asked = get(`https://localhost:${server.port}/`, { ca: readFileSync(cert), family: 4 })
  const [response] = await once(asked, 'response')
  t.equal(response.statusCode, 200)
  const [chunk] = await once(response, 'data')
  t.ok(areConsecutive(numbersIn(chunk.subarray(0, 64))))
  asked.destroy()
})

t.test('curl trusts the certificate that it is given', { skip: needs('curl') }, async (t) => {
  const { server, cert } = await startKnown(t, SOURCE)
  const target = `https://localhost:${server.port}/nowhere`
  const { stdout } = await promisify(execFile)('curl', ['-4sS', '--cacert', cert, target])
  t.equal(stdout, 'there is no stream at this path\n')
})

t.test('sends a listener over HTTPS every byte in one response', async (t) => {
  const flags = ['-frame-filter', 'raw', '-reopen=false', '-source-buffer', '100000']
  const server = await startSecure(t, flags, { stdin: 'pipe' })
  const [plain, secure] = [listen(t, server.port), listenSecurely(t, server.port)]
  await Promise.all([plain.headCame(), secure.headCame()])
  const bytes = numberBytes(0, 1_000_000)
  server.child.stdin?.end(bytes)
  t.ok((await plain.closed).equals(bytes))
  t.ok((await secure.closed).equals(bytes))
  t.equal(undated(secure.head()), undated(plain.head()))
})

function undated(head: string): string {
  return head.replace(/^Date: .*$/m, '')
}

t.test('sends titles over HTTPS as over HTTP', async (t) => {
  const server = await startSecure(t, ['-name', 'One', ...SOURCE])
  const client = listenSecurely(t, server.port, '/', 'Icy-MetaData: 1\r\n')
  t.match(await client.headCame(), /icy-metaint: 16000/)
  const body = await client.bodyHas(16_001)
  t.ok(areConsecutive(numbersIn(body.subarray(0, 16_000))))
})

t.test('disconnects a listener over HTTPS that reads nothing, and serves all others', async (t) => {
  const flood = ['-frame-filter', 'raw', '-frame-bytes', '4096', '-path', '/dev/zero', '-source-bandwidth', '20000000']
  const server = await startSecure(t, [...flood, '-client-timeout', '2s'])
  const good = securely(server.port)
  t.teardown(() => good.destroy())
  good.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  let bytes = 0
  good.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  const stalled = listenSecurely(t, server.port)
  await stalled.headCame()
  stalled.socket.pause()
  const startedAt = performance.now()
  t.match(await visitOf(server, stalled), { reason: 'write timeout' })
  const tookMs = performance.now() - startedAt
  t.ok(tookMs > 1_900, `${tookMs} ms`)
  const before = bytes
  await until('more has come', () => bytes > before + 1_000_000)
})

t.test('disconnects a client that stops speaking TLS, at the first record or a later one', async (t) => {
  const server = await startSecure(t, SOURCE)
  const witness = listenSecurely(t, server.port)
  await witness.bodyHas(64)
  for (const text of [
    '\x16',
    '\x16GET / HTTP/1.1\r\n\r\n',
    '\x16\x03\x01\x00\x05hello',
    `\x16\x03\x03${'x'.repeat(70_000)}`,
  ]) {
    const client = connectTo(t, server.port, text)
    client.socket.end()
    await client.closed
  }
  const raw = connect({ port: server.port, host: '127.0.0.1' })
  const client = listen(t, server.port, '/', '', (port) => securely(port, { socket: raw }))
  await client.bodyHas(64)
  raw.write('no record at all')
  await client.closed
  t.match(await visitOf(server, { address: () => `127.0.0.1:${raw.localPort ?? '\\d+'}` }), { reason: 'disconnected' })
  const so = witness.body().length
  const body = await witness.bodyHas(so + 640)
  t.ok(areConsecutive(numbersIn(body.subarray(0, so + 640 - (so % 4)))), 'nobody else notices')
})

t.test('includes the handshake in the time for a request head', async (t) => {
  const server = await startSecure(t, ['-header-timeout', '1s', ...SOURCE])
  const silent = connectTo(t, server.port, '\x16\x03\x01')
  const half = connectTo(t, server.port, 'GET / HTTP/1.1\r\nHost:', securely)
  const idle = connectTo(t, server.port, '', securely)
  t.equal((await silent.closed).length, 0)
  await Promise.all([half.closed, idle.closed])
  t.match(half.head(), /^HTTP\/1\.1 408 /)
  t.match(idle.head(), /^HTTP\/1\.1 408 /)
})

t.test('supports TLS 1.2 and 1.3, and HTTP/1.1 over them', async (t) => {
  const server = await startSecure(t, SOURCE)
  const spoken = async (options: Parameters<typeof securely>[1]) => {
    const socket = securely(server.port, options)
    t.teardown(() => socket.destroy())
    await once(socket, 'secureConnect')
    return `${socket.getProtocol()} ${socket.alpnProtocol}`
  }
  t.equal(await spoken({ ALPNProtocols: ['h2', 'http/1.1'] }), 'TLSv1.3 http/1.1')
  t.equal(await spoken({ maxVersion: 'TLSv1.2' }), 'TLSv1.2 false')
  await t.rejects(spoken({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' }))
  await t.rejects(spoken({ ALPNProtocols: ['h2'] }), /no application protocol/)
})
