/** What a page must not do. The connection is closed with this code and this reason. */
export class Fault extends Error {
  override readonly name = 'Fault'
  /** One of CLOSE. */
  readonly code: number

  constructor(code: number, reason: string) {
    super(reason)
    this.code = code
  }
}
