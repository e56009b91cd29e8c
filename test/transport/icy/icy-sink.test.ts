import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import fc from 'fast-check'
import t from 'tap'
import { Listener } from '../../../src/delivery/listener.ts'
import { Ring } from '../../../src/ring/ring.ts'
import { Titles } from '../../../src/stream/titles.ts'
import { systemClock } from '../../../src/system/clock.ts'
import { createBlocks } from '../../../src/transport/icy/icy-block.ts'
import { IcySink } from '../../../src/transport/icy/icy-sink.ts'
import { noise } from '../../filters/made-up.ts'
import { INTERVAL, readIcy } from './icy.ts'

/** A socket that accepts everything at once and stores each call. */
class FakeSocket extends Duplex {
  readonly calls: Buffer[][] = []

  constructor() {
    super({ highWaterMark: 1 })
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.calls.push([chunk])
    done()
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.calls.push(chunks.map(({ chunk }) => chunk))
    done()
  }

  setTimeout(): this {
    return this
  }
}

const blockOf = createBlocks(undefined)
const keeper = { listenerDrained: () => {}, listenerGone: () => {} }
const HEAD = Buffer.from('head')
const doNothing = () => {}

/** A sink with that socket, and its listener. */
function listenerOf(
  socket: FakeSocket,
  stream: ConstructorParameters<typeof IcySink>[2],
  prefix: Buffer = Buffer.alloc(0),
) {
  const endless = {
    bodyBytes: undefined,
    refusal: () => HEAD,
    timeoutMs: 0,
    closeQueue: doNothing,
    closed: doNothing,
    clock: systemClock,
  }
  const options = { head: () => HEAD, prefix, ...endless }
  const sink = new IcySink(socket as unknown as Socket, options, stream, blockOf)
  return { sink, listener: new Listener(sink, 0, keeper) }
}

/** A stream with frames of these sizes, as views of one piece of memory, and titles that begin at some frames. */
function streamOf(sizes: readonly number[], changes: ReadonlyMap<number, string>) {
  const ring = new Ring({ frames: 4096 })
  const titles = new Titles()
  const memory = noise(
    sizes.reduce((sum, size) => sum + size, 0),
    sizes.length,
  )
  let at = 0
  for (const size of sizes) {
    const title = changes.get(ring.next)
    if (title !== undefined) titles.set(title, ring.next, ring.first)
    ring.push({ bytes: memory.subarray(at, at + size), durationUs: 0 })
    at += size
  }
  return { ring, titles, memory }
}

/** One write: a number of frames, and a number of bytes before them. */
interface Write {
  readonly frames: number
  readonly before: number
}

const writes = fc.array(
  fc.record({ frames: fc.integer({ min: 1, max: 20 }), before: fc.oneof(fc.constant(0), fc.nat(40_000)) }),
  {
    minLength: 1,
    maxLength: 20,
  },
)
const sizes = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.constantFrom(4000, 8000, 16_000), fc.integer({ min: 1, max: 60_000 })),
  {
    minLength: 1,
    maxLength: 80,
  },
)
const changes = fc
  .array(fc.tuple(fc.nat(80), fc.constantFrom('A', 'B', "C';", '王', '')), { maxLength: 12 })
  .map((pairs) => new Map(pairs))

/** Expected result of these writes: bytes, and for each byte the frame that it is part of or precedes. */
function expected(ring: Ring, plan: readonly Write[], prefix: Buffer) {
  const parts: [bytes: Buffer, seq: number][] = []
  let seq = 0
  for (const [number, { frames, before }] of plan.entries()) {
    if (seq >= ring.next) break
    parts.push([number === 0 ? prefix : Buffer.alloc(0), -1], [noise(before, number), seq])
    for (const end = Math.min(ring.next, seq + frames); seq < end; seq++) {
      parts.push([ring.at(seq)?.bytes ?? Buffer.alloc(0), seq])
    }
  }
  return parts
}

function expectedBlocks(parts: readonly (readonly [Buffer, number])[], titles: Titles): (readonly [number, string])[] {
  const blocks: (readonly [number, string])[] = []
  let shown = ''
  let at = 0
  for (const [bytes, seq] of parts) {
    for (let block = Math.floor(at / INTERVAL + 1) * INTERVAL; block <= at + bytes.length; block += INTERVAL) {
      const text = titles.at(seq)?.text ?? ''
      if (text !== shown) blocks.push([block, blockOf({ from: 0, text }).subarray(1).toString().replace(/\0*$/, '')])
      shown = text
    }
    at += bytes.length
  }
  return blocks
}

t.test('sends the same stream with titles in their places for any sizes of writes', async (t) => {
  const property = fc.property(
    sizes,
    writes,
    changes,
    fc.oneof(fc.constant(0), fc.nat(100)),
    (frameSizes, plan, titled, prefixBytes) => {
      const { ring, titles, memory } = streamOf(frameSizes, titled)
      const socket = new FakeSocket()
      const prefix = noise(prefixBytes, 99)
      const { sink, listener } = listenerOf(socket, { ring, titles }, prefix)
      const parts = expected(ring, plan, prefix)
      for (const [number, { frames, before }] of plan.entries()) {
        const from = listener.cursor
        if (from >= ring.next) break
        listener.cursor = Math.min(ring.next, from + frames)
        const start = frameSizes.slice(0, from).reduce((sum, size) => sum + size, 0)
        const length = frameSizes.slice(from, listener.cursor).reduce((sum, size) => sum + size, 0)
        const calls = socket.calls.length
        t.ok(sink.write(memory.subarray(start, start + length), noise(before, number)))
        if (length + before > 0) t.equal(socket.calls.length, calls + 1, 'one call of the system')
      }
      const { audio, blocks } = readIcy(Buffer.concat(socket.calls.flat()).subarray(HEAD.length))
      t.ok(audio.equals(Buffer.concat(parts.map(([bytes]) => bytes))), 'no byte is harmed')
      t.same(blocks, expectedBlocks(parts, titles))
    },
  )
  fc.assert(property, { numRuns: 300 })
})

t.test('writes the memory of the frames, and one shared block', async (t) => {
  const { ring, titles, memory } = streamOf([40_000], new Map([[0, 'A']]))
  const sent = [1, 2].map(() => {
    const socket = new FakeSocket()
    const { sink, listener } = listenerOf(socket, { ring, titles })
    listener.cursor = 1
    sink.write(memory, Buffer.alloc(0))
    return socket.calls.flat()
  })
  const [[, first, block, second, empty, rest] = [], [, , otherBlock] = []] = sent
  const views = [first, second, rest].map((view) => view?.buffer === memory.buffer)
  t.same(views, [true, true, true])
  t.same(
    [first, second, rest].map((view) => view?.length),
    [16_000, 16_000, 8_000],
  )
  t.equal(block, otherBlock)
  t.same(empty, Buffer.from([0]))
})

/** Texts of the blocks when all frames are sent in one write. */
function blocksOf(frameSizes: readonly number[], titled: readonly (readonly [number, string])[]) {
  const { ring, titles, memory } = streamOf(frameSizes, new Map(titled))
  const socket = new FakeSocket()
  const { sink, listener } = listenerOf(socket, { ring, titles })
  listener.cursor = frameSizes.length
  sink.write(memory, Buffer.alloc(0))
  return readIcy(Buffer.concat(socket.calls.flat()).subarray(HEAD.length)).blocks
}

t.test('gives a block between two frames the title of the frame before it', async (t) => {
  const blocks = [
    [16_000, "StreamTitle='A';"],
    [32_000, "StreamTitle='B';"],
  ]
  const titled = [
    [0, 'A'],
    [1, 'B'],
    [3, 'C'],
  ] as const
  t.same(blocksOf([16_000, 8_000, 8_000, 8_000], titled), blocks)
  t.same(blocksOf([16_000, 8_000, 8_000], titled), blocks)
  t.same(blocksOf([16_000], titled), blocks.slice(0, 1))
})

t.test('sends a title between two equal ones', async (t) => {
  const sizes = [16_000, 16_000, 16_000, 16_000]
  const titled = [
    [0, 'A'],
    [2, 'B'],
    [3, 'A'],
  ] as const
  t.same(blocksOf(sizes, titled), [
    [16_000, "StreamTitle='A';"],
    [48_000, "StreamTitle='B';"],
    [64_000, "StreamTitle='A';"],
  ])
})

t.test('sends no title when the last one returns before a block is due', async (t) => {
  t.same(
    blocksOf(
      [16_000, 100, 31_900],
      [
        [0, 'A'],
        [1, 'B'],
        [2, 'A'],
      ],
    ),
    [[16_000, "StreamTitle='A';"]],
  )
})
