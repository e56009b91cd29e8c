import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { HubKey } from '../../filters/hub/message.ts'
import { systemClock } from '../../src/system/clock.ts'
import { type Answer, ok, startUpstream } from '../source/relay/upstream.ts'
import { openEdge } from './edge.ts'

const [EPOCH_A, EPOCH_B] = ['0000000000aa', '0000000000bb']
/** A frame of MPEG-1 Layer III, 128 kbit/s and 48 kHz: 24 ms. */
const HEADER = Buffer.from('fffb94c4', 'hex')
const FRAME_BYTES = 384
/** Numbers in the frames of the relay are larger. */
const RELAYED = 1_000_000

const KEY: HubKey = {
  filter: 'mp3',
  contentType: 'audio/mpeg',
  format: 'audio/mpeg (MPEG-1 Layer III, 48000 Hz, stereo)',
  header: Buffer.alloc(0),
  preamble: Buffer.alloc(0),
  title: 'from the hub',
}

function frame(number: number): Buffer {
  const bytes = Buffer.alloc(FRAME_BYTES)
  HEADER.copy(bytes)
  bytes.writeUInt32BE(number, FRAME_BYTES - 4)
  return bytes
}

function numbersOf(edge: ReturnType<typeof openEdge>): number[] {
  return edge.frames.map(({ bytes }) => bytes.readUInt32BE(FRAME_BYTES - 4))
}

/** Answers with frames in real time. */
function live(first = RELAYED): Answer {
  let number = first
  return (socket) => {
    socket.write(ok('content-type: audio/mpeg\r\nicy-name: Relayed\r\n'))
    const send = () => {
      socket.write(Buffer.concat([frame(number++), frame(number++)]))
    }
    for (let i = 0; i < 10; i++) send()
    const timer = setInterval(send, 48)
    socket.on('close', () => clearInterval(timer))
  }
}

function planOf(...urls: readonly string[]) {
  return { kind: 'relay', urls, insecure: false, charset: 'windows-1252' } as const
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5)
}

t.test('a relay stands in until the hub has frames, and again when it has none', async (t) => {
  const { url } = await startUpstream(t, live())
  const edge = openEdge(t, systemClock, { relay: planOf(url), historyMs: 0 })
  edge.stream.start()
  await until(() => edge.frames.length > 50)
  t.ok(numbersOf(edge).every((number) => number >= RELAYED))
  t.equal(edge.stream.sourceState.peer?.kind, 'relay')
  t.equal(edge.stream.plan.about.name, 'Relayed')

  const origin = edge.origin('studio', { epoch: EPOCH_A, frame, key: KEY })
  await until(() => (numbersOf(edge).at(-1) ?? RELAYED) < RELAYED)
  const first = numbersOf(edge).find((number) => number < RELAYED) ?? 0
  t.ok(first >= 20, 'frames of the hub are heard when they have come for half a second')
  t.ok(origin.number - first <= 10, 'and from then on, not from the first on')
  t.equal(edge.stream.sourceState.peer?.kind, 'hub')
  await until(() => numbersOf(edge).filter((number) => number < RELAYED).length > 30)

  const stoppedAt = systemClock.now()
  origin.stop()
  await until(() => (numbersOf(edge).at(-1) ?? 0) >= RELAYED)
  const pauseMs = systemClock.now() - stoppedAt
  t.ok(pauseMs >= 800 && pauseMs < 3_000, `${pauseMs} ms`)

  origin.enter(EPOCH_B)
  origin.start()
  await until(() => (numbersOf(edge).at(-1) ?? RELAYED) < RELAYED)
  t.ok(edge.log.lines().filter((line) => line === 'info hub relay started').length === 2)
  t.ok(edge.log.lines().filter((line) => line === 'info hub relay ended').length === 2)
  t.equal(edge.stream.contentType, 'audio/mpeg')
})

t.test('a relay that fails is tried again at growing intervals, and does not delay the hub', async (t) => {
  const { url, requests } = await startUpstream(t, (socket) => socket.end('HTTP/1.0 404 Not Found\r\n\r\nno'))
  const edge = openEdge(t, systemClock, { relay: planOf(url) })
  edge.stream.start()
  await until(() => requests.length === 5)
  await sleep(100)
  t.equal(requests.length, 5, 'after 1, 1.1, 1.3, 1.7 and 2.5 s')
  const startedAt = systemClock.now()
  edge.origin('studio', { epoch: EPOCH_A, frame, key: KEY })
  await until(() => edge.frames.length > 0)
  t.ok(systemClock.now() - startedAt < 1_400, 'before the next attempt')
  t.equal(edge.log.lines().filter((line) => line === 'warning hub relay failed').length, 1)
})

t.test('a hub that comes while a relay connects is heard at once', async (t) => {
  const { url, requests, sockets } = await startUpstream(t, () => {})
  const edge = openEdge(t, systemClock, { relay: planOf(url) })
  edge.stream.start()
  await until(() => requests.length === 1)
  edge.origin('studio', { epoch: EPOCH_A, frame, key: KEY })
  await until(() => edge.frames.length > 0)
  await until(() => sockets.size === 0)
  t.ok(numbersOf(edge).every((number) => number < RELAYED))
})

t.test('a relay whose stream ends is read again, with a pause', async (t) => {
  const { url, requests } = await startUpstream(t, (socket) =>
    socket.end(
      Buffer.concat([Buffer.from(ok('content-type: audio/mpeg\r\n')), frame(1), frame(2), frame(3), frame(4)]),
    ),
  )
  const edge = openEdge(t, systemClock, { relay: planOf(url) })
  edge.stream.start()
  await until(() => requests.length === 3)
  t.ok(edge.frames.length >= 8)
  await sleep(100)
  t.ok(requests.length <= 4)
})

t.test('a stream that is not read any more ends its relay', async (t) => {
  const { url, sockets } = await startUpstream(t, live())
  const edge = openEdge(t, systemClock, { relay: planOf(url) })
  edge.stream.start()
  await until(() => edge.frames.length > 20)
  await edge.stream.stop('no listeners')
  await until(() => sockets.size === 0)
  t.equal(edge.stream.sourceState.kind, 'closed')
})
