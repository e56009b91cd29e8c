import type { Credentials } from '../logins.ts'
import type { Form } from './callbacks.ts'

/** A client, as a URL of `-listen-url` or `-publish-url` gets it. */
export interface AskedClient {
  /** Encoded path of the stream, with the query as the client has sent it. */
  readonly mount: string
  /** IP address. */
  readonly address: string
  readonly agent: string | undefined
  /** Host that it requested, with its port; undefined: not known. */
  readonly host: string | undefined
}

/** As Icecast writes an agent that is not known. */
const NO_AGENT = '-'

/** Returns the fields of Icecast's URL authentication that all questions have. @param port that the program listens at */
export function clientForm(client: AskedClient, offered: Credentials | undefined, port: number): Form {
  const { mount, address, agent = NO_AGENT, host = '' } = client
  return {
    server: host.replace(/:\d*$/, ''),
    port: String(port),
    mount,
    user: offered?.user ?? '',
    pass: offered?.password ?? '',
    ip: address,
    agent,
  }
}
