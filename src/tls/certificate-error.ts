/** The certificate cannot be read or used; the message gives the reason in one line. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError'
}
