import { ByteQueue } from '../bytes/byte-queue.ts'
import { bodyBytes, type Head, readHead } from './head.ts'
import { type HubMessage, messageOf, readStart, START_BYTES } from './message.ts'

/** Splits bytes into messages, however they are divided into chunks. */
export class MessageReader {
  /** Why the bytes are not messages, in one line; undefined: they are. Nothing is read behind such bytes. */
  fault: string | undefined
  readonly #queue = new ByteQueue()
  /** Length of the head of the next message, and the head; undefined: not received yet. */
  #headBytes: number | undefined
  #head: Head | undefined

  push(chunk: Buffer): void {
    if (this.fault === undefined) this.#queue.append(chunk)
  }

  /** Bytes of a message that is not whole. */
  get restBytes(): number {
    return this.#queue.length
  }

  /** Returns the next message; undefined: it is not whole, or there is a fault. */
  next(): HubMessage | undefined {
    const headBytes = this.#readStart()
    if (headBytes === undefined) return undefined
    const head = this.#readHead(headBytes)
    if (head === undefined) return undefined
    const bytes = bodyBytes(head, START_BYTES + headBytes)
    if (typeof bytes === 'string') return this.#fail(bytes)
    if (this.#queue.length < bytes) return undefined
    this.#headBytes = undefined
    this.#head = undefined
    return messageOf(head, this.#queue.take(bytes), 0)
  }

  #readStart(): number | undefined {
    if (this.#headBytes !== undefined || this.#queue.length < START_BYTES) return this.#headBytes
    const start = readStart(this.#queue.take(START_BYTES))
    if (typeof start === 'string') return this.#fail(start)
    this.#headBytes = start
    return start
  }

  #readHead(bytes: number): Head | undefined {
    if (this.#head !== undefined || this.#queue.length < bytes) return this.#head
    const head = readHead(this.#queue.take(bytes))
    if (typeof head === 'string') return this.#fail(head)
    this.#head = head
    return head
  }

  #fail(fault: string): undefined {
    this.fault ??= fault
    this.#queue.drop(this.#queue.length)
  }
}
