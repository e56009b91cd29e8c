import { printable } from '../../text/printable.ts'

/** The file of `hub-credentials` cannot be used. The message is one line. It is known without the client of NATS. */
export class HubCredentialsError extends Error {
  override readonly name = 'HubCredentialsError'

  constructor(file: string, reason: string, cause?: unknown) {
    super(printable(`hub-credentials ${file}: ${reason}`), { cause })
  }
}
