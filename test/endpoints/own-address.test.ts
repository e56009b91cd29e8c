import type { IncomingMessage } from 'node:http'
import { networkInterfaces } from 'node:os'
import t from 'tap'
import { isLoopback, ownAddress } from '../../src/endpoints/own-address.ts'

const message = { socket: { localPort: 8080 } } as unknown as IncomingMessage
const asks = (host?: string) => ({ isSecure: false, host, prefix: '', message })

t.test('returns the requested address', async (t) => {
  const asked = asks('192.168.1.7:8080')
  t.equal(ownAddress(asked, false), 'http://192.168.1.7:8080')
  t.equal(ownAddress({ ...asked, isSecure: true }, false), 'https://192.168.1.7:8080')
  t.equal(ownAddress({ ...asked, prefix: '/radio' }, false), 'http://192.168.1.7:8080/radio')
  t.equal(ownAddress({ ...asked, host: 'pi.local' }, false), 'http://pi.local')
  t.equal(ownAddress({ ...asked, host: 'localhost.example.com:1' }, false), 'http://localhost.example.com:1')
})

t.test('returns an address of the network for a request on the machine itself, if there is one', async (t) => {
  const all = Object.values(networkInterfaces()).flat()
  const other = all.find((one) => one?.internal === false && one.family === 'IPv4')?.address
  for (const host of ['localhost', '127.0.0.1', '[::1]']) {
    const asked = asks(`${host}:8080`)
    t.equal(ownAddress(asked, false), `http://${other ?? host}:8080`, host)
    t.equal(ownAddress(asked, true), `http://${host}:8080`, host)
  }
  t.match(ownAddress(asks(), true), 'http://localhost:8080')
})

t.test('recognizes loopback addresses', async (t) => {
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', '[::1]:80', 'localhost', 'localhost:80'])
    t.ok(isLoopback(host), host)
  for (const host of ['', '0.0.0.0', '::', '192.168.1.1', 'localhost.org', '::10']) t.notOk(isLoopback(host), host)
})
