import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'
import { CertificateError, type KeyPair } from './certificate.ts'

/** Maximum size of a file of certificates or keys, in bytes: a hundred certificates with the longest keys in use. */
export const MAX_PEM_BYTES = 1024 * 1024

/** Checks that a pair can be used. @param where names of the two, for the message. @throws CertificateError */
export function checkPair({ cert, key }: KeyPair, where: KeyPair): void {
  const certificate = read(where.cert, 'no certificate in PEM', () => new X509Certificate(cert))
  const privateKey = read(where.key, 'no private key in PEM', () => privateKeyIn(key, where.key))
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new CertificateError(`${where.key}: is not the key of the certificate in ${where.cert}`)
  }
  read(where.cert, 'a certificate that cannot be used', () => contextOf({ cert, key }))
}

/** Creates the context for TLS connections. It rejects some pairs that can be parsed, such as those with too short a key. */
export function contextOf({ cert, key }: KeyPair): SecureContext {
  return createSecureContext({ cert, key, minVersion: 'TLSv1.2' })
}

/** Returns when the certificate ends, in milliseconds since 1970. */
export function endOf({ cert }: KeyPair): number {
  return Date.parse(new X509Certificate(cert).validTo)
}

function privateKeyIn(pem: string, where: string): KeyObject {
  if (/ENCRYPTED/.test(pem))
    throw new CertificateError(`${where}: is encrypted with a passphrase; a key without passphrase is needed`)
  return createPrivateKey(pem)
}

function read<Made>(where: string, fault: string, make: () => Made): Made {
  try {
    return make()
  } catch (error) {
    if (error instanceof CertificateError) throw error
    throw new CertificateError(`${where}: has ${fault}`, { cause: error })
  }
}
