import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

const START_BYTES = 4

/**
 * A connection whose first line is one of HTTP. SHOUTcast 1 answers `ICY 200 OK`, and some servers begin with the fields at once:
 *
 *     ICY 200 OK            HTTP/1.0 200 OK            icy-name: Radio          HTTP/1.0 200 OK
 *     icy-name: Radio  ->   icy-name: Radio            ...               ->     icy-name: Radio
 */
export class IcySocket extends Duplex {
  readonly #socket: Socket
  /** Bytes before the beginning of the answer is known; undefined from then on. */
  #begun: Buffer | undefined = Buffer.alloc(0)

  constructor(socket: Socket) {
    super()
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('end', () => this.#end())
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.destroy())
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, encoding, done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy()
    done(error)
  }

  #take(chunk: Buffer): void {
    if (this.#begun === undefined) return this.#pass(chunk)
    const begun = Buffer.concat([this.#begun, chunk])
    if (begun.length >= START_BYTES) this.#pass(withStatusLine(begun))
    this.#begun = begun.length >= START_BYTES ? undefined : begun
  }

  #pass(bytes: Buffer): void {
    if (!this.push(bytes)) this.#socket.pause()
  }

  #end(): void {
    if (this.#begun !== undefined && this.#begun.length > 0) this.push(this.#begun)
    this.push(null)
  }
}

function withStatusLine(begun: Buffer): Buffer {
  const start = begun.toString('latin1', 0, START_BYTES)
  if (start === 'ICY ') return Buffer.concat([Buffer.from('HTTP/1.0 '), begun.subarray(START_BYTES)])
  return start.toLowerCase() === 'icy-' ? Buffer.concat([Buffer.from('HTTP/1.0 200 OK\r\n'), begun]) : begun
}
