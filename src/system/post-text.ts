import { type IncomingMessage, request } from 'node:http'
import { request as requestSecurely } from 'node:https'
import { maskSecrets } from '../text/mask-secrets.ts'

/**
 * Sends a text to a URL. Redirects are not followed, and the body of the response is not read.
 * @param type media type of the text. @returns the head of the response
 * @throws Error when there is none, with the reason of `signal` if it has aborted
 */
export async function postText(url: string, type: string, text: string, signal: AbortSignal): Promise<IncomingMessage> {
  const start = /^https:/i.test(url) ? requestSecurely : request
  const headers = { 'User-Agent': 'streamserve', 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) }
  const sent = start(url, { method: 'POST', agent: false, headers, signal })
  try {
    return await new Promise<IncomingMessage>((resolve, reject) => {
      sent.on('error', reject)
      sent.once('response', (response) => {
        resolve(response)
        response.on('error', () => {})
        response.destroy()
      })
      sent.end(text)
    })
  } catch (error) {
    const { message } = error as Error
    throw new Error(signal.aborted ? String(signal.reason) : maskSecrets(message), { cause: error })
  }
}
