import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { readVersion } from '../../system/version.ts'
import { SourceError } from '../source.ts'
import { type ConnectOptions, connectTo } from './connect.ts'
import { connectionFailure } from './connection-failure.ts'
import { IcySocket } from './icy-socket.ts'
import { destroyAfter } from './limits.ts'

/** Time from the request to the end of the answer's head, in milliseconds. */
const HEAD_MS = 10_000
const AGENT = `streamserve/${readVersion()}`

/**
 * Requests a stream, with titles if the server has some.
 * @returns its answer, of which only the head is known. @throws SourceError when there is none
 */
export async function requestStream(url: URL, options: ConnectOptions): Promise<IncomingMessage> {
  options.reached?.('began', url)
  const socket = new IcySocket(await connectTo(url, options))
  const release = destroyAfter(socket, HEAD_MS, 'no answer', options)
  try {
    const answer = await answerTo(send(url, socket))
    options.reached?.('answered', url)
    return answer
  } catch (error) {
    socket.destroy()
    throw new SourceError(connectionFailure(error as Error), { cause: error })
  } finally {
    release()
  }
}

function send(url: URL, socket: IcySocket): ClientRequest {
  const sent = request({
    createConnection: () => socket,
    path: url.pathname + url.search,
    setHost: false,
    // SHOUTcast ends the lines of its head in various ways.
    insecureHTTPParser: true,
    headers: {
      Host: url.host,
      'User-Agent': AGENT,
      Accept: '*/*',
      'Accept-Encoding': 'identity',
      'Icy-MetaData': '1',
      Connection: 'close',
      ...authorization(url),
    },
  })
  // Errors behind the head are those of the body too.
  sent.on('error', () => {})
  sent.end()
  return sent
}

/** Resolved with the head of the answer. */
function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', resolve)
    sent.once('error', reject)
    // Node.js disconnects without an error when a server changes the protocol.
    sent.once('close', () => reject(new Error('connection closed before an answer')))
  })
}

/** Basic authentication (RFC 7617). */
function authorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {}
  const account = `${percentDecoded(username)}:${percentDecoded(password)}`
  return { Authorization: `Basic ${Buffer.from(account).toString('base64')}` }
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A percent sign that is not followed by a number is meant as it is.
    return text
  }
}
