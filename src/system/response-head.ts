import type { ClientRequest, IncomingMessage } from 'node:http'

/** Sends a request with a body. @returns the head of the response, whose connection is closed. @throws when there is none */
export function responseHead(request: ClientRequest, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.once('response', (response) => {
      resolve(response)
      response.on('error', () => {})
      response.destroy()
    })
    request.end(body)
  })
}
