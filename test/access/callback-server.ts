import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

/** A form that was posted, with the credentials of the request. */
interface Posted {
  readonly form: Readonly<Record<string, string>>
  readonly authorization: string | undefined
  readonly path: string
}

/** Answers a form. */
export type Answer = (posted: Posted, response: ServerResponse) => void

export interface CallbackServer {
  readonly url: string
  readonly posted: readonly Posted[]
  /** Resolves with the first form, past or future, that matches. */
  got(matches: (posted: Posted) => boolean): Promise<Posted>
}

/** Says yes, with further header fields. */
export function yes(fields: Readonly<Record<string, string>> = {}): Answer {
  return (_, response) => void response.writeHead(200, { 'icecast-auth-user': '1', ...fields }).end()
}

/** Starts a server that decides about clients. */
export async function startCallbacks(t: Test, answer: Answer): Promise<CallbackServer> {
  const posted: Posted[] = []
  const watchers = new Set<() => void>()
  const server = createServer((message, response) => {
    void respond(message, response)
  })
  const respond = async (message: IncomingMessage, response: ServerResponse) => {
    const form = Object.fromEntries(new URLSearchParams(await bodyOf(message)))
    const one = { form, authorization: message.headers.authorization, path: message.url ?? '' }
    posted.push(one)
    answer(one, response)
    for (const look of watchers) look()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posted,
    got: (matches) =>
      new Promise((resolve) => {
        const look = () => {
          const found = posted.find(matches)
          if (found === undefined) return
          watchers.delete(look)
          resolve(found)
        }
        watchers.add(look)
        look()
      }),
  }
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return String(Buffer.concat(chunks))
}
