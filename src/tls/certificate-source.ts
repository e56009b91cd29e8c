import type { KeyPair } from './key-pair.ts'

/** Source of the server's certificate. */
export interface CertificateSource {
  /** Returns the initial certificate. @throws CertificateError */
  first(): Promise<KeyPair>
  /** Calls `take` with each later certificate, which replaces the one before. */
  follow(take: (pair: KeyPair) => void): void
}
