import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { decodeMessage, encodeMessage, type HubMessage } from '../../../filters/hub/message.ts'
import { MessageReader } from '../../../filters/hub/message-reader.ts'
import { cut } from '../run-filter.ts'

/** Objects as literals make them. */
const PLAIN = { noNullPrototype: true }
const bytes = fc.uint8Array({ maxLength: 200 }).map((one) => Buffer.from(one))
const line = fc.string({ maxLength: 40 }).map((text) => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ''))
const time = fc.double({ min: 0, max: 1e15, noNaN: true }).map(Math.abs)
const frame = fc.record(
  {
    bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }).map((one) => Buffer.from(one)),
    durationUs: fc.oneof(fc.constant((1152 / 44_100) * 1e6), time),
    title: fc.option(line, { nil: undefined }),
  },
  PLAIN,
)
const count = fc.integer({ min: 0, max: 2e12 })
const row = fc.record({ beganAt: count, epochs: count, segments: count, segmentMs: count }, PLAIN)
const key = fc.record(
  {
    filter: fc.constantFrom('mp3', 'raw', 'aac-adts'),
    contentType: fc.constantFrom('audio/mpeg', 'audio/ogg; codecs=opus'),
    format: line,
    header: bytes,
    preamble: fc.option(bytes),
    title: line,
    row,
  },
  { ...PLAIN, requiredKeys: ['filter', 'contentType', 'format', 'header', 'preamble', 'title'] },
)
const message: fc.Arbitrary<HubMessage> = fc.record(
  {
    epoch: fc.constantFrom('0123456789ab', 'ffffffffffff'),
    epochBeganAt: fc.integer({ min: 0, max: 2e12 }),
    seq: fc.maxSafeNat(),
    us: time,
    sentAt: fc.integer({ min: 0, max: 2e12 }),
    frames: fc.array(frame, { minLength: 1, maxLength: 8 }),
    key: fc.option(key, { nil: undefined }),
  },
  PLAIN,
)

function read(chunks: readonly Buffer[]) {
  const reader = new MessageReader()
  const messages: HubMessage[] = []
  for (const chunk of chunks) {
    reader.push(chunk)
    for (let one = reader.next(); one !== undefined; one = reader.next()) messages.push(one)
  }
  return { messages, fault: reader.fault, rest: reader.restBytes }
}

/** A message with another head. */
function withHead(change: (head: Record<string, unknown>) => unknown, body = Buffer.from('abcdef')): Buffer {
  const head = { e: '0123456789ab', w: 1, q: 7, p: 0, t: 2, l: [2, 4], d: 10 }
  const text = Buffer.from(JSON.stringify(change(head) ?? head))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  return Buffer.concat([Buffer.from('SSF1'), length, text, body])
}

await t.test('what was encoded is decoded', (t) => {
  const property = fc.property(message, (one) => deepStrictEqual(decodeMessage(encodeMessage(one)), one))
  t.doesNotThrow(() => fc.assert(property, { numRuns: 500 }))
  t.end()
})

await t.test('messages are the same however their bytes are divided', (t) => {
  const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 })
  const property = fc.property(fc.array(message, { maxLength: 4 }), bytes, sizes, (all, garbage, sizes) => {
    const whole = Buffer.concat([...all.map(encodeMessage), garbage])
    const expected = read([whole])
    deepStrictEqual(expected.messages, all)
    deepStrictEqual(read(cut(whole, sizes)), expected)
    deepStrictEqual(read(cut(whole, [1])), expected)
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 100 }))
  t.end()
})

await t.test('no bytes make it throw, and each fault is one line', (t) => {
  const flipped = fc
    .tuple(message, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }))
    .map(([one, changes]) => {
      const encoded = encodeMessage(one)
      for (const [at, value] of changes) encoded[at % encoded.length] = value
      return encoded
    })
  const property = fc.property(fc.oneof(flipped, bytes), (foreign) => {
    const decoded = decodeMessage(foreign)
    if (typeof decoded === 'string') return decoded !== '' && !/\p{Cc}/u.test(decoded)
    return decoded.frames.every(({ durationUs }) => durationUs >= 0)
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 2000 }))
  t.end()
})

await t.test('says what is wrong with a message', (t) => {
  const right = withHead(() => undefined)
  t.type(decodeMessage(right), 'object')
  t.equal(decodeMessage(Buffer.from('SSF2....')), 'not a message of the hub')
  t.equal(decodeMessage(right.subarray(0, 20)), 'a message ends within its head')
  t.equal(decodeMessage(right.subarray(0, -1)), `a message has ${right.length - 1} bytes and not ${right.length}`)
  t.equal(
    decodeMessage(Buffer.concat([right, right])),
    `a message has ${2 * right.length} bytes and not ${right.length}`,
  )
  t.equal(decodeMessage(withHead(() => [])), 'the head of a message is not an object')
  t.equal(
    decodeMessage(Buffer.from('SSF1\x00\x01\x00\x01')),
    'the head of a message has 65537 bytes; at most 65536 are possible',
  )
  const notJson = withHead(() => undefined)
  notJson[8] = 0x5b
  t.equal(decodeMessage(notJson), 'the head of a message is not JSON')
  const wrong: readonly [string, unknown][] = [
    ['e', '0123456789AB'],
    ['e', 12],
    ['w', '1'],
    ['q', -1],
    ['q', 1.5],
    ['p', null],
    ['t', 1e300],
    ['l', []],
    ['l', [0, 6]],
    ['l', [-1, 7]],
    ['l', 6],
    ['d', -1],
    ['d', [1]],
    ['d', [1, null]],
    ['n', [[2, 'behind']]],
    ['n', [[0, 'two\nlines']]],
    ['n', [[0, 'x'.repeat(5000)]]],
    ['k', 1],
    ['k', { f: 'mp3', c: 'audio/mpeg\r\nX: y', o: '', h: 0, p: 0, n: '' }],
    ['k', { f: '../mp3', c: 'audio/mpeg', o: '', h: 0, p: 0, n: '' }],
    ['k', { f: 'mp3', c: 'audio/mpeg', o: '', h: -1, p: 0, n: '' }],
    ['k', { f: 'mp3', c: 'audio/mpeg', o: '', h: 0, p: 0, n: '', r: [1, 2, 3] }],
    ['k', { f: 'mp3', c: 'audio/mpeg', o: '', h: 0, p: 0, n: '', r: [1, 2, 3, -4] }],
  ]
  for (const [name, value] of wrong) {
    const decoded = decodeMessage(withHead((head) => ({ ...head, [name]: value })))
    t.equal(decoded, `the head of a message has a wrong field "${name}"`, JSON.stringify(value))
  }
  const large = withHead((head) => ({ ...head, l: [2 ** 23, 2 ** 23] }), Buffer.alloc(0))
  t.match(decodeMessage(large), /^a message has \d+ bytes; at most 8388608 are possible$/)
  t.match(read([large]).fault, /^a message has \d+ bytes; at most 8388608 are possible$/, 'before they have arrived')
  t.end()
})
