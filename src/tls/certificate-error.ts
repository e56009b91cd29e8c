/** There is no certificate to be had; the message says why in one line. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError'
}
