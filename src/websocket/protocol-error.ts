/** Protocol violation by a page. The connection is closed with this code and reason. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  /** One of CLOSE. */
  readonly code: number

  constructor(code: number, reason: string) {
    super(reason)
    this.code = code
  }
}
