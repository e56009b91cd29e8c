import type { KeyPair } from './key-pair.ts'

/** Where the certificate comes from. */
export interface CertificateSource {
  /** The one to begin with. @throws CertificateError */
  first(): Promise<KeyPair>
  /** From now on calls `take` with each one that takes the place of the one before. */
  follow(take: (pair: KeyPair) => void): void
}
