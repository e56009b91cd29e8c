import t, { type Test } from 'tap'
import { type Client, listen } from '../client.ts'
import { areConsecutive, numberBytes, numbersIn } from '../feeders.ts'
import { reset } from '../reset.ts'
import { type Server, startServer } from '../streamserve.ts'
import { type Follower, follow } from './follower.ts'
import { feed, visitOf } from './visits.ts'

const FRAME_NUMBERS = 16
const ROUND_BYTES = 64 * 1024
/** In total more than the kernel buffers for both sides of a connection. */
const ROUNDS = 128
/** Numbers from 0 on. */
const sent = numberBytes(0, ((ROUNDS + 2) * ROUND_BYTES) / 4)
const RAW = ['-frame-filter', 'raw', '-frame-bytes', '64', '-source-buffer', '1024']

/** Sends rounds `from` to `to` (exclusive), each after all of `fast` have received the one before. */
async function play(server: Server, fast: readonly Follower[], from: number, to: number): Promise<void> {
  for (let round = from; round < to; round++) {
    feed(server, sent.subarray(round * ROUND_BYTES, (round + 1) * ROUND_BYTES))
    await Promise.all(fast.map((follower) => follower.has((round + 1) * ROUND_BYTES)))
  }
}

function followers(t: Test, server: Server, count: number): Promise<Follower[]> {
  return Promise.all(Array.from({ length: count }, () => follow(t, server.port, sent)))
}

/** A listener that has sent its request and does not read. */
async function stall(t: Test, server: Server): Promise<Client> {
  const client = listen(t, server.port)
  await client.headCame()
  client.socket.pause()
  return client
}

/** Resolves with the numbers that a listener received, once `last` is among them. */
async function numbersUpTo(client: Client, last: number): Promise<number[]> {
  let body = await client.bodyHas(4)
  while (body.readUInt32BE(body.length - (body.length % 4) - 4) !== last) body = await client.bodyHas(body.length + 1)
  return numbersIn(body)
}

t.test('skips frames for a listener that stalls, and for no other one', async (t) => {
  const server = await startServer(t, RAW, { stdin: 'pipe' })
  const fast = await followers(t, server, 50)
  const stalled = await stall(t, server)
  await play(server, fast, 0, ROUNDS)

  stalled.socket.resume()
  const got = await numbersUpTo(stalled, (ROUNDS * ROUND_BYTES) / 4 - 1)
  const jumps = got.flatMap((value, at) => (at > 0 && value !== (got[at - 1] ?? 0) + 1 ? [at] : []))
  t.equal(got[0], 0)
  t.ok(jumps.length > 0, 'it was lapped')
  const isBoundary = (value = 1) => value % FRAME_NUMBERS === 0
  t.ok(
    jumps.every((at) => isBoundary(at) && isBoundary(got[at])),
    'jumps start and end at frame boundaries',
  )
  t.ok(
    jumps.every((at) => (got[at] ?? 0) > (got[at - 1] ?? 0)),
    'and lead ahead',
  )

  for (const { socket } of [stalled, ...fast]) reset(socket)
  const visit = await visitOf(server, stalled)
  t.match(visit, { bytes: got.length * 4, frames: got.length / FRAME_NUMBERS, reason: 'disconnected' })
  t.equal(visit.frames + visit.skipped, (ROUNDS * ROUND_BYTES) / 64)
  const visits = await Promise.all(fast.map((follower) => visitOf(server, follower)))
  t.ok(visits.every(({ bytes, skipped }) => bytes === ROUNDS * ROUND_BYTES && skipped === 0))
})

t.test('serves the others when a listener resets its connection during a write', async (t) => {
  const server = await startServer(t, RAW, { stdin: 'pipe' })
  const fast = await followers(t, server, 3)
  const victims = await Promise.all([1, 2, 3, 4, 5].map(() => stall(t, server)))
  await play(server, fast, 0, ROUNDS)
  for (const client of victims) client.reset()
  const visits = await Promise.all(victims.map((client) => visitOf(server, client)))
  t.ok(
    visits.every(({ reason, bytes }) => reason === 'disconnected' && bytes < ROUNDS * ROUND_BYTES),
    'each had a write under way when it left',
  )
  await play(server, fast, ROUNDS, ROUNDS + 2)
})

t.test('sends all of a chunk larger than the ring to listeners that keep up', async (t) => {
  const flags = ['-frame-filter', 'raw', '-frame-bytes', '64', '-source-buffer', '4']
  const server = await startServer(t, flags, { stdin: 'pipe' })
  const fast = await followers(t, server, 3)
  await play(server, fast, 0, 5)
  for (const { socket } of fast) reset(socket)
  for (const follower of fast) {
    t.strictSame(await visitOf(server, follower), {
      bytes: 5 * ROUND_BYTES,
      frames: 5 * 1024,
      skipped: 0,
      reason: 'disconnected',
    })
  }
})

t.test('sends the rest of the ring to a slow listener when the source has ended', async (t) => {
  const flags = ['-frame-filter', 'raw', '-frame-bytes', '64', '-source-buffer', '1000000', '-reopen=false']
  const server = await startServer(t, flags, { stdin: 'pipe' })
  const fast = await followers(t, server, 1)
  const stalled = await stall(t, server)
  await play(server, fast, 0, ROUNDS)
  server.child.stdin?.end()
  await server.logged(/source closed/)
  stalled.socket.resume()
  const got = numbersIn(await stalled.closed)
  t.ok(areConsecutive(got))
  t.equal(got.length, (ROUNDS * ROUND_BYTES) / 4)
  t.equal(await server.exited, 0)
})
