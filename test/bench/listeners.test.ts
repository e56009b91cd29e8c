import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { FRAME_BYTES, makeFrames } from '../../bench/frames.ts'
import { type Content, type Load, type LoadReport, startLoad } from '../../bench/load.ts'
import { needs } from '../programs.ts'

const HEAD = 'HTTP/1.0 200 OK\r\n\r\n'

/**
 * Sends some writes to each client that sends a request.
 * @param writesFor returns the writes for the listener with this number.
 * @param ends whether it then closes the connection.
 * @returns its port.
 */
async function startSender(
  t: Test,
  writesFor: (listener: number) => readonly Buffer[],
  { ends = false } = {},
): Promise<number> {
  let listeners = 0
  const server = createServer((socket) => {
    t.teardown(() => socket.destroy())
    socket.on('error', () => socket.destroy())
    socket.setNoDelay(true)
    socket.once('data', () => {
      for (const bytes of [Buffer.from(HEAD), ...writesFor(listeners++)]) socket.write(bytes)
      if (ends) socket.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const address = server.address()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

async function startListeners(t: Test, port: number, content: Content = 'frames'): Promise<Load> {
  const load = await startLoad({ port, path: '/' }, content)
  t.teardown(() => load.stop())
  return load
}

/** Connects three listeners, and compares their report. */
async function judge(
  t: Test,
  writesFor: (listener: number) => readonly Buffer[],
  wanted: Partial<LoadReport>,
  content?: Content,
): Promise<void> {
  const load = await startListeners(t, await startSender(t, writesFor), content)
  await load.open(3)
  await reports(t, load, wanted)
}

/** Polls the report of the listeners until it is as wanted. */
async function reports(t: Test, load: Load, wanted: Partial<LoadReport>): Promise<void> {
  const isMet = (report: LoadReport) =>
    Object.entries(wanted).every(([key, value]) => Reflect.get(report, key) === value)
  let report = await load.report()
  for (let count = 0; count < MAX_REPORTS && !isMet(report); count++) {
    await sleep(REPORT_EVERY_MS)
    report = await load.report()
  }
  t.match(report, wanted)
}

/** Maximum number of reports, far more than needed unless something is wrong. */
const MAX_REPORTS = 200
const REPORT_EVERY_MS = 20

/** Cuts bytes into pieces of one size, regardless of frames. */
function inPieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))
}

const TEN = makeFrames(70, 10)
const upTo = (frames: number) => TEN.subarray(0, frames * FRAME_BYTES)
const from = (frame: number) => TEN.subarray(frame * FRAME_BYTES)

void t.test('listeners of the benches', { skip: needs('cc') }, (t) => {
  t.test('receive every frame when they poll for bytes at intervals', async (t) => {
    const load = await startListeners(t, await startSender(t, () => inPieces(TEN, 100)))
    load.poll(2)
    await load.open(3)
    await reports(t, load, { frames: 30, skipped: 0, corrupt: 0 })
  })

  t.test('report no fault in whole frames in order, for every size of writes', async (t) => {
    for (const size of [1, 100, FRAME_BYTES, 1000, TEN.length]) {
      const wanted = { frames: 30, bytes: 3 * TEN.length, skipped: 0, corrupt: 0, ended: 0, refused: 0 }
      await judge(t, () => inPieces(TEN, size), wanted)
    }
  })

  t.test('count missing frames', (t) => judge(t, () => [upTo(4), from(6)], { frames: 24, skipped: 6, corrupt: 0 }))

  t.test('count a frame with one wrong byte as corrupt', (t) => {
    const broken = Buffer.from(TEN)
    broken[5 * FRAME_BYTES + 300] = 1
    return judge(t, () => inPieces(broken, 1000), { frames: 27, corrupt: 3 })
  })

  t.test('count a torn frame as corrupt, and find the next frame', (t) =>
    judge(t, () => [upTo(4), from(4).subarray(0, 200), from(5)], { frames: 27, corrupt: 3 }),
  )

  t.test('count repeated frames as corrupt', (t) => judge(t, () => [upTo(4), from(3)], { frames: 30, corrupt: 3 }))

  t.test('count a frame as corrupt when its time stamp differs between listeners', async (t) => {
    const port = await startSender(t, (listener) => [listener < 2 ? TEN : makeFrames(70, 10, 1n)])
    const load = await startListeners(t, port)
    await load.open(2)
    await reports(t, load, { frames: 20, corrupt: 0 })
    await load.open(1)
    await reports(t, load, { frames: 20, corrupt: 1 })
  })

  t.test('accept a stream that begins in the middle of a frame in that mode', (t) =>
    judge(t, () => [TEN.subarray(100)], { frames: 27, skipped: 0, corrupt: 0 }, 'cut'),
  )

  t.test('accept only zeros from a firehose', async (t) => {
    await judge(t, () => [Buffer.alloc(5000)], { bytes: 15_000, corrupt: 0 }, 'zeros')
    await judge(t, () => [Buffer.from([0, 1])], { bytes: 0, corrupt: 3 }, 'zeros')
  })

  t.test('count stalled listeners and refused connections', async (t) => {
    const load = await startListeners(t, await startSender(t, () => [TEN]))
    await load.open(2)
    await load.stall(3)
    t.match(await load.report(), { listeners: 2, stalled: 3 })
    await load.leave()
    t.match(await load.report(), { listeners: 0, stalled: 0, ended: 0, refused: 0, connections: 5 })

    const closed = await startListeners(t, await unusedPort())
    await closed.open(2)
    t.match(await closed.report(), { listeners: 0, refused: 2, unanswered: 0 })
  })

  t.test('count disconnections by the server', async (t) => {
    const load = await startListeners(t, await startSender(t, () => [TEN], { ends: true }))
    await load.open(2)
    await reports(t, load, { listeners: 0, frames: 20, ended: 2, refused: 0 })
  })

  t.test('connect visitors at a rate beside listeners that stay', async (t) => {
    const load = await startListeners(t, await startSender(t, () => [TEN]))
    await load.open(2)
    load.visit(200)
    let report = await load.report()
    // Entries of visitors that have left are used again.
    while (report.connections < 500) report = await load.report()
    t.match(report, { ended: 0, refused: 0, skipped: 0, corrupt: 0 })
    t.ok(report.listeners < report.connections, 'some have left')
    load.visit(0)
    await reports(t, load, { listeners: 2, unanswered: 0, ended: 0, refused: 0 })
    await load.leave()
    t.match(await load.report(), { listeners: 0 })
  })
  t.end()
})

async function unusedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}
