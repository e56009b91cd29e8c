import { X509Certificate } from 'node:crypto'
import t from 'tap'
import type { HostNames } from '../../src/tls/host-names.ts'
import { checkPair } from '../../src/tls/key-pair.ts'
import { isGoodFor, makePair } from '../../src/tls/self-signed.ts'

const DAY_MS = 86_400_000
const HOST: HostNames = {
  names: ['localhost', 'box', 'box.local'],
  addresses: ['127.0.0.1', '::1', '192.0.2.7', 'fd00::7'],
}
const NOW = new Date('2026-03-01T12:00:00Z')

function days(count: number): Date {
  return new Date(NOW.getTime() + count * DAY_MS)
}

t.test('includes all names and addresses of the host, and no others', async (t) => {
  const { cert } = await makePair(HOST, NOW)
  const certificate = new X509Certificate(cert)
  for (const name of HOST.names) t.equal(certificate.checkHost(name), name)
  for (const address of HOST.addresses) t.ok(certificate.checkIP(address), address)
  t.equal(certificate.checkHost('other.local'), undefined)
  t.equal(certificate.checkIP('192.0.2.8'), undefined)
})

t.test(
  'makes a certificate that browsers and phones accept: P-256, for servers, no authority, at most 825 days',
  async (t) => {
    const pair = await makePair(HOST, NOW)
    const certificate = new X509Certificate(pair.cert)
    t.match(certificate.publicKey.asymmetricKeyDetails, { namedCurve: 'prime256v1' })
    t.strictSame(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1'], 'serverAuth (RFC 5280, section 4.2.1.12)')
    t.equal(certificate.ca, false)
    const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)]
    t.ok(from < NOW.getTime(), 'also by a clock that is behind')
    t.ok((to - from) / DAY_MS <= 825)
    t.ok((to - from) / DAY_MS > 700)
    t.doesNotThrow(() => checkPair(pair, { cert: 'cert', key: 'key' }))
  },
)

t.test('makes a new key each time', async (t) => {
  const [one, other] = await Promise.all([makePair(HOST, NOW), makePair(HOST, NOW)])
  t.not(one.key, other.key)
  t.not(new X509Certificate(one.cert).serialNumber, new X509Certificate(other.cert).serialNumber)
})

t.test('accepts a certificate from its start until a month before its end', async (t) => {
  const pair = await makePair(HOST, NOW)
  t.ok(isGoodFor(pair, HOST, NOW))
  t.ok(isGoodFor(pair, HOST, days(780)))
  t.notOk(isGoodFor(pair, HOST, days(795)))
  t.notOk(isGoodFor(pair, HOST, days(-2)))
})

t.test('rejects a certificate without a current name or IPv4 address, but not without an IPv6 address', async (t) => {
  const pair = await makePair(HOST, NOW)
  t.notOk(isGoodFor(pair, { ...HOST, names: [...HOST.names, 'radio.lan'] }, NOW))
  t.notOk(isGoodFor(pair, { ...HOST, addresses: [...HOST.addresses, '198.51.100.1'] }, NOW))
  t.ok(isGoodFor(pair, { ...HOST, addresses: [...HOST.addresses, 'fd00::8'] }, NOW))
  t.ok(isGoodFor(pair, { names: ['localhost'], addresses: ['127.0.0.1'] }, NOW), 'one that is gone does no harm')
})
