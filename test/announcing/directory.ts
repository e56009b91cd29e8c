import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'

/** A request of the YP protocol. */
interface DirectoryRequest {
  readonly form: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
}

/** A directory of streams that keeps what it was sent. */
export interface Directory {
  readonly url: string
  /** Resolves with the number-th request of an action. */
  request(action: string, number?: number): Promise<DirectoryRequest>
  count(action: string): number
}

/** Answers as directories of Icecast do. */
function accept(response: ServerResponse): void {
  response.writeHead(200, { YPResponse: '1', YPMessage: 'Added', SID: 'sid-1', TouchFreq: '30' }).end()
}

/** Starts a directory. It ends with the test. @param answer what it answers to a request */
export async function startDirectory(
  t: Test,
  answer: (response: ServerResponse, action: string, number: number) => void = accept,
): Promise<Directory> {
  const got: DirectoryRequest[] = []
  const waiting = new Set<() => void>()
  const of = (action: string) => got.filter(({ form }) => form['action'] === action)
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const form = Object.fromEntries(new URLSearchParams((await text(request)).trim()))
    const { action = '' } = form
    got.push({ form, headers: request.headers })
    answer(response, action, of(action).length)
    for (const wake of waiting) wake()
    waiting.clear()
  }
  const server = createServer((request, response) => void receive(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/cgi-bin/yp-cgi`,
    count: (action) => of(action).length,
    async request(action, number = 1) {
      for (;;) {
        const found = of(action)[number - 1]
        if (found !== undefined) return found
        await new Promise<void>((resolve) => waiting.add(resolve))
      }
    },
  }
}
