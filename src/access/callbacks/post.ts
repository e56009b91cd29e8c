import { Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as plain } from 'node:http'
import type { Agent as SecureAgent } from 'node:https'
import type { Clock } from '../../system/clock.ts'

/** Answer to a form that was posted. */
export interface PostAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
}

/** Client of HTTPS. */
interface SecureClient {
  readonly request: typeof plain
  readonly agent: SecureAgent
}

/** Maximum size of the body of an answer, which is not read, in bytes. */
const MAX_BODY_BYTES = 65_536
/** Time after which an idle connection is closed, in milliseconds: less than servers wait, which is 5 s for many. */
const IDLE_MS = 4_000

/** Posts forms to URLs, over connections that are kept for the next ones. Redirects are not followed. */
export class Poster {
  readonly #clock: Clock
  readonly #agent = new Agent({ keepAlive: true, timeout: IDLE_MS })
  #secure: Promise<SecureClient> | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Posts a form. User and password in the URL are sent as Basic (RFC 7617).
   * @param withinMs maximum time for the whole answer, in milliseconds
   * @throws when there is no answer, or a larger one than 64 KiB; the message quotes nothing of the URL
   */
  async post(url: string, form: string, withinMs: number): Promise<PostAnswer> {
    const body = Buffer.from(form)
    const headers = {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': body.length,
      'User-Agent': 'streamserve',
    }
    const secure = /^https:/i.test(url) ? await this.#loadSecure() : undefined
    const send = () => (secure?.request ?? plain)(url, { method: 'POST', agent: secure?.agent ?? this.#agent, headers })
    const request = send()
    const first = answerTo(request, body, withinMs, this.#clock)
    return first.catch((error: NodeJS.ErrnoException) => {
      // The server had closed a kept connection, before it could know of this request.
      if (request.reusedSocket && error.code === 'ECONNRESET') return answerTo(send(), body, withinMs, this.#clock)
      throw error
    })
  }

  /** TLS takes 5 MB, which most programs do not need for this. */
  #loadSecure(): Promise<SecureClient> {
    this.#secure ??= import('node:https').then(({ request, Agent: Secure }) => ({
      request,
      agent: new Secure({ keepAlive: true, timeout: IDLE_MS }),
    }))
    return this.#secure
  }
}

function answerTo(request: ClientRequest, body: Buffer, withinMs: number, clock: Clock): Promise<PostAnswer> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(withinMs, () => request.destroy(new Error(`no answer within ${withinMs / 1000} s`)))
    let isAnswered = false
    request.on('response', (response) => {
      drain(response, request, (answer) => {
        isAnswered = true
        resolve(answer)
      })
    })
    request.on('error', reject)
    request.on('close', () => {
      cancel()
      // After an error this changes nothing.
      if (!isAnswered) reject(new Error('the answer was cut'))
    })
    request.end(body)
  })
}

function drain(response: IncomingMessage, request: ClientRequest, done: (answer: PostAnswer) => void): void {
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) request.destroy(new Error(`the answer is larger than ${MAX_BODY_BYTES / 1024} KiB`))
  })
  response.on('error', (error) => request.destroy(error))
  response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers }))
}
