import type { Socket } from 'node:net'
import type { SourcePeer } from '../../source/source.ts'
import type { Publication, Publisher } from '../../station/publishing.ts'
import type { Clock } from '../../system/clock.ts'
import { answerAndClose } from '../http/answer-and-close.ts'
import { createHeadCollector } from '../http/head-collector.ts'
import { BadRequest } from '../http/request-head.ts'
import type { BodyDecoder } from './chunked-body.ts'

/** Responses of a publisher's connection. */
export interface PublisherResponses {
  /** Sent as soon as the publisher is on air. */
  readonly first: Buffer
  /** Sent after the body; often empty. */
  readonly last: Buffer
  /** Makes the response to a head or body that is not valid; often empty. */
  readonly refusal: (error: BadRequest) => Buffer
}

/**
 * The connection of a program that publishes. Its socket is paused while the stream cannot take more, so that TCP slows the
 * program down; no bytes are dropped.
 */
export class PublisherConnection implements Publisher {
  readonly identity: string
  peer: SourcePeer
  readonly #socket: Socket
  readonly #body: BodyDecoder
  readonly #clock: Clock
  /** Finds the end of the head, which is read again, because the body follows it. */
  #collectHead: ReturnType<typeof createHeadCollector> | undefined = createHeadCollector()
  #publication: Publication | undefined
  #responses: PublisherResponses | undefined
  #isOver = false

  /** @param socket paused, with its head still to be read */
  constructor(socket: Socket, identity: string, peer: SourcePeer, body: BodyDecoder, clock: Clock) {
    this.#socket = socket
    this.identity = identity
    this.peer = peer
    this.#body = body
    this.#clock = clock
  }

  /** @param headRead called with the whole head, before the first bytes of the body */
  begin(publication: Publication, responses: PublisherResponses, headRead: (head: Buffer) => void = () => {}): void {
    // The station may have ended it at once.
    if (this.#isOver) return
    this.#publication = publication
    this.#responses = responses
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk, headRead))
    this.#socket.on('end', () => this.#bodyEnded())
    this.#socket.on('close', () => this.#leave())
    this.#socket.write(responses.first)
    this.#socket.resume()
  }

  ended(): void {
    this.#isOver = true
    this.#socket.destroy()
  }

  drained(): void {
    if (!this.#isOver) this.#socket.resume()
  }

  #read(chunk: Buffer, headRead: (head: Buffer) => void): void {
    if (this.#isOver) return
    try {
      const bytes = this.#afterHead(chunk, headRead)
      if (bytes !== undefined) this.#push(this.#body.decode(bytes))
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error
      this.#close(this.#responses?.refusal(error), error.message)
    }
  }

  /** @returns the bytes of the body; undefined while the head is incomplete */
  #afterHead(chunk: Buffer, headRead: (head: Buffer) => void): Buffer | undefined {
    const collected = this.#collectHead?.(chunk)
    if (this.#collectHead === undefined) return chunk
    if (collected === undefined) return undefined
    this.#collectHead = undefined
    headRead(collected.head)
    return collected.rest
  }

  #push(bytes: Buffer): void {
    if (bytes.length > 0 && this.#publication?.push(bytes) === false) this.#socket.pause()
    if (this.#body.isComplete) this.#bodyEnded()
  }

  #bodyEnded(): void {
    if (!this.#isOver) this.#close(this.#responses?.last)
  }

  #close(response: Buffer | undefined, reason?: string): void {
    this.#leave(reason)
    answerAndClose(this.#socket, response ?? Buffer.alloc(0), this.#clock)
  }

  #leave(reason?: string): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#publication?.leave(reason)
  }
}
