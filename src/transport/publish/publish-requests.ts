import type { Socket } from 'node:net'
import { type Client, clientOf, countedClientOf } from '../client.ts'
import { setUser } from '../exchange.ts'
import { answerAndClose } from '../http/answer-and-close.ts'
import { BadRequest, type RequestHead } from '../http/request-head.ts'
import { textAnswer } from '../http/response-head.ts'
import { admit, type PublisherParts } from './admit.ts'
import { bodyOf, expectsContinue } from './body-form.ts'
import { credentialsOf } from './credentials.ts'
import { peerOf } from './peer-of.ts'
import { type PublisherResponses, publishAt } from './publisher-connection.ts'
import { OF_GATE, type Refusal } from './refusals.ts'
import { refuseRequest } from './refuse-request.ts'

/** Sent in HTTP/1.0 too: clients that say Expect understand nothing else. */
const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n')
const NOTHING = Buffer.alloc(0)

/** Responds to PUT and SOURCE: the body is sound, and lasts as long as the publisher is on air. */
export async function respondToPublisher(request: RequestHead, socket: Socket, parts: PublisherParts): Promise<void> {
  const client = clientOf(request, socket)
  const refusal = await publish(request, socket, client, parts)
  if (refusal === undefined || socket.destroyed) return
  const network = countedClientOf(request, socket)
  const agent = request.headers.get('user-agent')
  parts.refusals.add({ kind: 'publisher', client: client.name, network, path: request.path, agent }, refusal)
  refuseRequest(request, socket, refusal, parts.clock)
}

/** @returns undefined: the request was answered */
async function publish(
  request: RequestHead,
  socket: Socket,
  { name, address }: Client,
  parts: PublisherParts,
): Promise<Refusal | undefined> {
  const { path, headers, version } = request
  const body = tryBodyOf(request)
  if ('status' in body) return body
  const offered = credentialsOf(headers.get('authorization'))
  const network = countedClientOf(request, socket)
  const asking = { network, address, agent: headers.get('user-agent'), host: headers.get('host'), isTitle: false }
  const admitted = await admit(parts, path, () => offered, asking)
  if ('status' in admitted) return admitted
  if (socket.destroyed) return undefined
  if (offered !== undefined && admitted.rules?.anybody === false) setUser(socket, offered.user)
  if (body.decoder === undefined) {
    if (offered === undefined) return OF_GATE.missing
    answerAndClose(socket, textAnswer(200, 'nothing was sent', { version }), parts.clock)
    return undefined
  }
  const { charset } = admitted.plan.titles
  const options = {
    identity: `${address} ${offered?.user ?? ''}`,
    peer: peerOf(name, offered?.user, headers, charset),
    body: body.decoder,
    charset,
    responses: responsesTo(request),
  }
  return publishAt(admitted, socket, options, parts.clock)
}

function tryBodyOf(request: RequestHead): { readonly decoder: ReturnType<typeof bodyOf> } | Refusal {
  try {
    return { decoder: bodyOf(request) }
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error
    return { status: 400, reason: error.message, advice: 'publish with another program, or with another version of it' }
  }
}

/** Publishers that wait for the 100 need no final response before they have ended, and curl would end at one. */
function responsesTo(request: RequestHead): PublisherResponses {
  const { version } = request
  if (!expectsContinue(request)) {
    return { first: Buffer.from(`HTTP/${version} 200 OK\r\n\r\n`), last: NOTHING, refusal: () => NOTHING }
  }
  return {
    first: CONTINUE,
    last: textAnswer(200, 'published', { version }),
    refusal: ({ status, message }) => textAnswer(status, message, { version }),
  }
}
