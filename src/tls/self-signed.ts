import { X509Certificate } from 'node:crypto'
import type { KeyPair } from './certificate.ts'
import type { HostNames } from './host-names.ts'

const DAY_MS = 86_400_000
/** Apple's systems reject certificates that are valid for more than 825 days (support.apple.com/103769). */
const VALID_DAYS = 820
/** Days before now at which the validity begins, because the clock of a phone may be behind. */
const SINCE_DAYS = 1
/** Days before the expiry at which a new certificate is made. */
const RENEW_DAYS = 30
const [DNS_NAME, IP_ADDRESS] = [2, 7] as const

/** Makes a self-signed certificate. @param now time of creation */
export async function makePair({ names, addresses }: HostNames, now: Date): Promise<KeyPair> {
  // Imported on demand: it loads slowly, and is needed once in two years. A bundle has only the default export of CommonJS.
  const { generate } = (await import('selfsigned')).default
  const since = now.getTime() - SINCE_DAYS * DAY_MS
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'streamserve' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(since),
    notAfterDate: new Date(since + VALID_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map((value) => ({ type: DNS_NAME, value })),
          ...addresses.map((ip) => ({ type: IP_ADDRESS, ip })),
        ],
      },
    ],
  })
  return { cert, key }
}

/**
 * Whether a certificate fits this host and does not expire soon. A missing IPv6 address is ignored: these addresses change by
 * themselves (RFC 8981), and users must accept each new certificate in every browser.
 */
export function isGoodFor({ cert }: KeyPair, { names, addresses }: HostNames, now: Date): boolean {
  const certificate = new X509Certificate(cert)
  const since = Date.parse(certificate.validFrom)
  const until = Date.parse(certificate.validTo) - RENEW_DAYS * DAY_MS
  if (now.getTime() < since || now.getTime() > until) return false
  const hasNames = names.every((name) => certificate.checkHost(name, { subject: 'never' }) !== undefined)
  return hasNames && addresses.every((address) => address.includes(':') || certificate.checkIP(address) !== undefined)
}
