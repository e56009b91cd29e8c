import { printable } from '../../text/printable.ts'

/** Reasons by the code of the system, of the resolver or of Node.js. */
const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'name not found',
  EAI_AGAIN: 'name not found, because no name server answers',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed before an answer',
  EPIPE: 'connection closed before an answer',
  ETIMEDOUT: 'the host does not answer',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  EPROTO: 'no TLS at this port',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS at this port',
  HPE_HEADER_OVERFLOW: 'the head of the answer is too long',
}

/** Problems of certificates by the code of OpenSSL or of Node.js. */
const CERTIFICATES: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate of an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate of an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate of an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate of an unknown authority',
  CERT_HAS_EXPIRED: 'expired certificate',
  CERT_NOT_YET_VALID: 'certificate that is not valid yet',
  CERT_REVOKED: 'revoked certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate of another name',
}

/** Maximum length of a reason by the system, in characters: it may quote the other server. */
const MAX_LENGTH = 200

/** Returns why a connection or an answer failed, in one line. */
export function connectionFailure(error: Error): string {
  const { code = '', message } = firstOf(error)
  const certificate = CERTIFICATES[code]
  if (certificate !== undefined) return `${certificate} (${code}); relay-insecure accepts every certificate`
  const reason = REASONS[code] ?? (code.startsWith('HPE_') ? 'the answer is not HTTP' : undefined)
  return reason ?? printable(message.slice(0, MAX_LENGTH))
}

/** A name with several addresses has an error for each. */
function firstOf(error: Error): NodeJS.ErrnoException {
  const [first] = error instanceof AggregateError ? error.errors : []
  return (first ?? error) as NodeJS.ErrnoException
}
