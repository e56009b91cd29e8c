import type { KeyPair } from '../../src/tls/certificate.ts'

/** A certificate and its key in PEM, and how to make others that it signs. */
export interface Authority {
  readonly cert: string
  /** Makes a certificate for servers and clients. */
  sign(properties?: CertificateProperties): Promise<KeyPair>
}

interface CertificateProperties {
  /** Default: `localhost`. */
  readonly name?: string
  /** Default: 127.0.0.1. */
  readonly address?: string
  /** Its end, in milliseconds from now; negative: it has expired. Default: a day. */
  readonly endsInMs?: number
}

const DAY_MS = 86_400_000
const [DNS_NAME, IP_ADDRESS] = [2, 7] as const
const KIND = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const

/** Makes an authority of its own for the servers of a hub. */
export async function createAuthority(): Promise<Authority> {
  const { generate } = await import('selfsigned')
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'authority of a test' }], {
    ...KIND,
    notBeforeDate: new Date(Date.now() - 10 * DAY_MS),
    notAfterDate: new Date(Date.now() + DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  })
  const ca = { cert, key }
  return {
    cert,
    async sign({ name = 'localhost', address = '127.0.0.1', endsInMs = DAY_MS } = {}) {
      const signed = await generate([{ name: 'commonName', value: name }], {
        ...KIND,
        ca,
        notBeforeDate: new Date(Date.now() - 5 * DAY_MS),
        notAfterDate: new Date(Date.now() + endsInMs),
        extensions: [
          { name: 'basicConstraints', cA: false, critical: true },
          { name: 'keyUsage', digitalSignature: true, critical: true },
          { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
          {
            name: 'subjectAltName',
            altNames: [
              { type: DNS_NAME, value: name },
              { type: IP_ADDRESS, ip: address },
            ],
          },
        ],
      })
      return { cert: signed.cert, key: signed.private }
    },
  }
}
