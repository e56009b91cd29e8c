import type { Socket } from 'node:net'
import type { SourcePeer } from '../../source/source.ts'
import type { Publication, Publisher, PublishPoint } from '../../station/publishing.ts'
import type { Clock } from '../../system/clock.ts'
import { givenUpFor } from '../given-up.ts'
import { answerAndClose } from '../http/answer-and-close.ts'
import { createHeadCollector } from '../http/head-collector.ts'
import { BadRequest } from '../http/request-head.ts'
import type { BodyDecoder } from './chunked-body.ts'
import { type Refusal, refusalOf } from './refusals.ts'
import { hasTag, StartTag, titleOfTag } from './start-tag.ts'

/** Responses of a publisher's connection. */
export interface PublisherResponses {
  /** Sent as soon as the publisher is on air. */
  readonly first: Buffer
  /** Sent after the body; often empty. */
  readonly last: Buffer
  /** Makes the response to a head or body that is not valid; often empty. */
  readonly refusal: (error: BadRequest) => Buffer
}

/** What a connection sends, and how it is read. */
interface PublisherOptions {
  readonly identity: string
  readonly peer: SourcePeer
  readonly body: BodyDecoder
  /** Encoding of text that is not Unicode. */
  readonly charset: string
  readonly responses: PublisherResponses
  /** Called with the whole head before the first bytes of the body; returns what the head states of the publisher. */
  readonly peerOfHead?: (head: Buffer) => SourcePeer
}

/** Puts a program on air at a point. @returns why it is refused, with nothing sent; undefined: it is on air */
export function publishAt(
  point: PublishPoint,
  socket: Socket,
  options: PublisherOptions,
  clock: Clock,
): Refusal | undefined {
  const connection = new PublisherConnection(socket, options, clock)
  const publication = point.publish(connection)
  if (typeof publication === 'string') return refusalOf(publication)
  connection.begin(publication)
  return undefined
}

/**
 * The connection of a program that publishes. Its socket is paused while the stream cannot take more, so that TCP slows the
 * program down; no bytes are dropped.
 *
 *      socket -> head, which is read again -> body decoder -> tag at the start -> publication
 */
class PublisherConnection implements Publisher {
  readonly identity: string
  peer: SourcePeer
  readonly #socket: Socket
  readonly #options: PublisherOptions
  readonly #clock: Clock
  /** Finds the end of the head; undefined once it is found. */
  #collectHead: ReturnType<typeof createHeadCollector> | undefined = createHeadCollector()
  /** Undefined once the start of the body has passed. */
  #startTag: StartTag | undefined = new StartTag()
  #publication: Publication | undefined
  #isOver = false

  /** @param socket paused, with its head still to be read */
  constructor(socket: Socket, options: PublisherOptions, clock: Clock) {
    this.#socket = socket
    this.#options = options
    this.#clock = clock
    this.identity = options.identity
    this.peer = options.peer
  }

  /** Responds, and reads the body. */
  begin(publication: Publication): void {
    // The station may have ended it at once.
    if (this.#isOver) return
    this.#publication = publication
    this.#socket.on('data', this.#onData)
    this.#socket.on('end', () => this.#bodyEnded())
    this.#socket.on('close', () => this.#leave(givenUpFor(this.#socket)))
    this.#socket.write(this.#options.responses.first)
    this.#socket.resume()
  }

  ended(): void {
    this.#isOver = true
    this.#socket.destroy()
  }

  drained(): void {
    if (!this.#isOver) this.#socket.resume()
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#isOver) return
    try {
      const bytes = this.#afterHead(chunk)
      if (bytes !== undefined) this.#take(this.#options.body.decode(bytes))
    } catch (error) {
      if (error instanceof BadRequest) this.#close(this.#options.responses.refusal(error), error.message)
      // A bug must not end the streams of other publishers.
      else this.#socket.destroy(error instanceof Error ? error : new Error(String(error)))
    }
  }

  /** @returns the bytes of the body; undefined while the head is incomplete */
  #afterHead(chunk: Buffer): Buffer | undefined {
    if (this.#collectHead === undefined) return chunk
    const collected = this.#collectHead(chunk)
    if (collected === undefined) return undefined
    this.#collectHead = undefined
    this.peer = this.#options.peerOfHead?.(collected.head) ?? this.peer
    return collected.rest
  }

  #take(bytes: Buffer): void {
    if (bytes.length > 0) this.#takeBytes(bytes)
    if (this.#options.body.isComplete) this.#bodyEnded()
  }

  #takeBytes(bytes: Buffer): void {
    if (this.#startTag === undefined) return this.#push(bytes)
    const start = this.#startTag.hold(bytes)
    if (start === undefined) return
    this.#startTag = undefined
    if (hasTag(start) && !this.#options.body.isComplete) void this.#pushWithTitle(start)
    else this.#push(start)
  }

  async #pushWithTitle(start: Buffer): Promise<void> {
    this.#socket.pause()
    const title = await titleOfTag(start, this.#options.charset).catch(() => undefined)
    if (this.#isOver) return
    if (title !== undefined) this.#publication?.setTitle(title)
    this.#socket.resume()
    this.#push(start)
  }

  #push(bytes: Buffer): void {
    if (this.#publication?.push(bytes) === false) this.#socket.pause()
  }

  #bodyEnded(): void {
    if (this.#isOver) return
    const held = this.#startTag?.release()
    if (held !== undefined && held.length > 0) this.#push(held)
    this.#close(this.#options.responses.last)
  }

  #close(response: Buffer, reason?: string): void {
    this.#leave(reason)
    answerAndClose(this.#socket, response, this.#clock)
  }

  #leave(reason?: string): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#publication?.leave(reason)
  }
}
