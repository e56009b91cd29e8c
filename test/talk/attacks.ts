import { connect } from 'node:net'
import fc from 'fast-check'

/** Bytes for a separate socket. */
export interface Attack {
  readonly bytes: Buffer
  /** True when it does not even open a WebSocket. */
  readonly isHandshake: boolean
}

/** Data that the server sent until the end of the connection. */
export interface Outcome {
  readonly status: number
  /** Codes of close frames. */
  readonly codes: readonly number[]
}

const KEY = 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'
const GOOD = `GET /talk HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${KEY}Sec-WebSocket-Version: 13\r\n\r\n`
const HELLO = maskedFrame(0x81, Buffer.from('{"type":"hello","me":"somebody-bad","codecs":["pcm"]}'))

const badHandshake = fc.constantFrom(
  GOOD.replace(KEY, ''),
  GOOD.replace('13', '7'),
  GOOD.replace('AAAA==', 'A'),
  GOOD.replace('GET', 'POST'),
  GOOD.replace('GET', 'HEAD'),
  GOOD.replace('HTTP/1.1', 'HTTP/1.0'),
  GOOD.replace('/talk', '/'),
  GOOD.replace('/talk', '/talk/a/b'),
  GOOD.replace('/talk', '/status'),
  GOOD.replace('\r\n\r\n', '\r\nOrigin: https://evil.example\r\n\r\n'),
  GOOD.replace('\r\n\r\n', `\r\nX: ${'x'.repeat(30_000)}\r\n\r\n`),
  GOOD.slice(0, 60),
)

/** RFC 6455, section 5.2, valid or not: any bits, any opcode, a length that may not match what follows. */
const frame = fc
  .record({
    first: fc.integer({ min: 0, max: 255 }),
    isMasked: fc.boolean(),
    length: fc.oneof(fc.nat(125), fc.constantFrom(126, 127)),
    further: fc.uint8Array({ minLength: 8, maxLength: 8 }),
    payload: fc.uint8Array({ maxLength: 300 }),
  })
  .map(({ first, isMasked, length, further, payload }) =>
    Buffer.concat([Buffer.from([first, (isMasked ? 0x80 : 0) | length]), further, payload]),
  )
const text = fc
  .oneof(
    fc.json(),
    fc.string(),
    fc.constantFrom('{"type":"hello"}', '{"type":"muted","muted":1}', '{"type":"probe","id":1e999}', '{"type":null}'),
  )
  .map((words) => maskedFrame(0x81, Buffer.from(words)))
const sound = fc.uint8Array({ maxLength: 2_000 }).map((bytes) => maskedFrame(0x82, Buffer.from(bytes)))
const huge = fc.constantFrom(65_537, 1_000_000, 2 ** 40).map((length) => {
  const head = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0, 0, 0])
  head.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([head, Buffer.alloc(2_000)])
})
const flood = fc
  .constantFrom(
    maskedFrame(0x82, Buffer.alloc(100)),
    maskedFrame(0x89, Buffer.alloc(100)),
    maskedFrame(0x8a, Buffer.alloc(0)),
    maskedFrame(0x81, Buffer.from('{"type":"probe","id":1}')),
    maskedFrame(0x02, Buffer.alloc(0)),
    maskedFrame(0x00, Buffer.alloc(0)),
  )
  .map((one) => Buffer.concat(Array.from({ length: 2_000 }, () => one)))
const close = fc.uint8Array({ maxLength: 10 }).map((payload) => maskedFrame(0x88, Buffer.from(payload)))
const noise = fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes))

const frames = fc
  .tuple(fc.boolean(), fc.array(fc.oneof(frame, text, sound, huge, flood, close, noise), { maxLength: 6 }))
  .map(([isPolite, parts]) => Buffer.concat([Buffer.from(GOOD), ...(isPolite ? [HELLO] : []), ...parts]))

export const attack: fc.Arbitrary<Attack> = fc.oneof(
  { weight: 1, arbitrary: badHandshake.map((head) => ({ bytes: Buffer.from(head), isHandshake: true })) },
  { weight: 4, arbitrary: frames.map((bytes) => ({ bytes, isHandshake: false })) },
)

/** Sends all of it, half-closes, and waits until the server has closed; an endless stream is disconnected. */
export function commit(port: number, { bytes }: Attack): Promise<Outcome> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes))
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      if (isStream(Buffer.concat(chunks).toString('latin1', 0, 1_000))) socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(outcomeOf(Buffer.concat(chunks))))
  })
}

function isStream(head: string): boolean {
  return head.startsWith('HTTP/1.1 200 ') && head.includes('Content-Type: audio/')
}

function outcomeOf(answer: Buffer): Outcome {
  const end = answer.indexOf('\r\n\r\n')
  const status = Number(answer.toString('latin1', 9, 12))
  return { status, codes: status === 101 ? closeCodes(answer.subarray(end + 4)) : [] }
}

/** Frames of the server are not masked, and none here is longer than 64 KiB. */
function closeCodes(bytes: Buffer): number[] {
  const codes: number[] = []
  for (let at = 0; at + 2 <= bytes.length; ) {
    const short = bytes.readUInt8(at + 1)
    const head = short === 126 ? 4 : 2
    const length = short === 126 ? bytes.readUInt16BE(at + 2) : short
    if (bytes.readUInt8(at) === 0x88) codes.push(length >= 2 ? bytes.readUInt16BE(at + head) : 1005)
    at += head + length
  }
  return codes
}

/** A frame with a mask of zeros: its payload is unchanged. */
function maskedFrame(first: number, payload: Buffer): Buffer {
  const length = payload.length < 126 ? [0x80 | payload.length] : [0xfe, payload.length >> 8, payload.length & 0xff]
  return Buffer.concat([Buffer.from([first, ...length, 0, 0, 0, 0]), payload])
}
