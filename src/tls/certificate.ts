/** A certificate chain and its private key, both as PEM (RFC 7468). */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

/** Source of the server's certificate. */
export interface CertificateSource {
  /** Returns the initial certificate. @throws CertificateError */
  first(): Promise<KeyPair>
  /** Calls `use` with each later certificate, which replaces the one before. @returns a function that stops it */
  follow(use: (pair: KeyPair) => void): () => void
}

/** The certificate cannot be read or used; the message gives the reason in one line. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError'
}
