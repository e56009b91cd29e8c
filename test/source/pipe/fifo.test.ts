import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { createFifoSource } from '../../../src/source/pipe/fifo.ts'
import { systemClock } from '../../../src/system/clock.ts'
import { listen } from '../../client.ts'
import { makeFifo, openWriter, writeAll } from '../../fifos.ts'
import { loasFrames } from '../../filters/made-up.ts'
import { needsProc, ticksOf } from '../../processes.ts'
import { needs } from '../../programs.ts'
import { plainEnvironment, startServer } from '../../streamserve.ts'

const skip = needs('mkfifo')
const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']

/** 4 bytes for each of `count` numbers, from `first` on. */
function numbersFrom(first: number, count: number): Buffer {
  const bytes = Buffer.alloc(4 * count)
  for (let i = 0; i < count; i++) bytes.writeUInt32BE(first + i, 4 * i)
  return bytes
}

t.test('passes on every byte of five writers in turn, and keeps the listener', { skip }, async (t) => {
  const path = makeFifo(t.testdir())
  const server = await startServer(t, [...RAW, '-path', path])
  const listener = listen(t, server.port)
  for (let i = 0; i < 5; i++) await writeAll(t, path, numbersFrom(i * 40_000, 40_000))
  const got = await listener.bodyHas(4 * 200_000)
  t.ok(got.equals(numbersFrom(0, 200_000)))
  t.notOk(listener.socket.destroyed)
})

t.test(
  'opens the FIFO again when its writer closes it, and passes on the bytes of the next writer',
  { skip },
  async (t) => {
    const path = makeFifo(t.testdir())
    const server = await startServer(t, [...RAW, '-path', path])
    const listener = listen(t, server.port)
    for (let i = 1; i <= 5; i++) {
      await server.loggedTimes(/source waiting/, i)
      await writeAll(t, path, numbersFrom(i, 1))
      await listener.bodyHas(4 * i)
      await server.loggedTimes(/source closed.*end of input/, i)
    }
    t.ok(listener.body().equals(numbersFrom(1, 5)))
  },
)

t.test('loses no bytes that are written between two openings', { skip }, async (t) => {
  const path = makeFifo(t.testdir())
  const server = await startServer(t, [...RAW, '-path', path])
  const listener = listen(t, server.port)
  await writeAll(t, path, numbersFrom(0, 1))
  await listener.bodyHas(4)
  // Many writers, one after the other: some find the source closed.
  for (let i = 1; i <= 30; i++) execFileSync('sh', ['-c', 'cat > "$1"', 'sh', path], { input: numbersFrom(i, 1) })
  t.ok((await listener.bodyHas(4 * 31)).equals(numbersFrom(0, 31)))
})

t.test('does not spin when writers open and close without writing', { skip }, async (t) => {
  const path = makeFifo(t.testdir())
  const server = await startServer(t, [...RAW, '-path', path])
  const listener = listen(t, server.port)
  await server.logged(/source waiting/)
  for (let i = 0; i < 10; i++) execFileSync('sh', ['-c', ': > "$1"', 'sh', path])
  await server.logged(/source closed/)
  await writeAll(t, path, numbersFrom(7, 1))
  t.ok((await listener.bodyHas(4)).equals(numbersFrom(7, 1)))
  const openings = server.count(/source waiting/)
  t.ok(openings <= 13, `${openings} openings`)
})

t.test(
  'takes no CPU time for a FIFO without a writer',
  { skip: skip || (process.platform !== 'linux' && 'needs /proc') },
  async (t) => {
    const path = makeFifo(t.testdir())
    const server = await startServer(t, [...RAW, '-path', path])
    const listener = listen(t, server.port)
    // Earlier the writer might open the FIFO first, and the source would not have to wait.
    await server.logged(/source waiting/)
    await writeAll(t, path, numbersFrom(0, 1))
    await listener.bodyHas(4)
    await server.logged(/source closed/)
    const pid = server.child.pid ?? 0
    const before = ticksOf(pid)
    const startedAt = performance.now()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const share = ((ticksOf(pid) - before) * 10) / (performance.now() - startedAt)
    t.ok(share < 0.3, `${(share * 100).toFixed(0)} % of a processor`)
    t.equal(server.count(/source closed/), 1)
  },
)

t.test('keeps the source open while its writer is silent', { skip }, async (t) => {
  const path = makeFifo(t.testdir())
  const server = await startServer(t, [...RAW, '-path', path])
  const listener = listen(t, server.port)
  await server.logged(/source waiting/)
  const writer = openWriter(t, path)
  for (let i = 0; i < 5; i++) {
    writer.write(numbersFrom(i, 1))
    await listener.bodyHas(4 * (i + 1))
  }
  await server.logged(/source opened/)
  t.equal(server.count(/source opened/), 1)
  await writer.end()
  await server.logged(/source closed/)
})

t.test(
  'does not read a file in place of the FIFO, and keeps the listener until there is a FIFO again',
  { skip },
  async (t) => {
    const directory = t.testdir()
    const path = makeFifo(directory)
    const server = await startServer(t, [...RAW, '-path', path])
    const listener = listen(t, server.port)
    const writer = openWriter(t, path)
    writer.write(numbersFrom(0, 1))
    await listener.bodyHas(4)
    writeFileSync(`${directory}/file`, numbersFrom(100, 100))
    renameSync(`${directory}/file`, path)
    await writer.end()
    t.match(await server.logged(/source closed.*no longer a FIFO/), 'WARNING')
    t.equal(listener.body().length, 4)
    t.notOk(listener.socket.destroyed)
    rmSync(path)
    makeFifo(directory)
    await writeAll(t, path, numbersFrom(1, 1))
    t.ok((await listener.bodyHas(8)).equals(numbersFrom(0, 2)))
  },
)

t.test('reads another FIFO that replaces the first one', { skip }, async (t) => {
  const directory = t.testdir()
  const path = makeFifo(directory)
  const server = await startServer(t, [...RAW, '-path', path])
  const listener = listen(t, server.port)
  await server.logged(/source waiting/)
  for (let i = 0; i < 3; i++) {
    renameSync(makeFifo(directory, 'other'), path)
    await writeAll(t, path, numbersFrom(2 * i, 1))
    await writeAll(t, path, numbersFrom(2 * i + 1, 1))
    await listener.bodyHas(8 * (i + 1))
  }
  t.ok(listener.body().equals(numbersFrom(0, 6)))
})

t.test('follows a link to a FIFO', { skip }, async (t) => {
  const directory = t.testdir()
  const path = makeFifo(directory)
  symlinkSync(path, `${directory}/link`)
  const server = await startServer(t, [...RAW, '-path', `${directory}/link`])
  const listener = listen(t, server.port)
  await writeAll(t, path, numbersFrom(3, 5))
  t.ok((await listener.bodyHas(20)).equals(numbersFrom(3, 5)))
})

t.test('sends all bytes and exits with 0 without reopening when the writer closes the FIFO', { skip }, async (t) => {
  const path = makeFifo(t.testdir())
  const server = await startServer(t, [...RAW, '-reopen=false', '-path', path])
  const listener = listen(t, server.port)
  await writeAll(t, path, Buffer.concat([numbersFrom(0, 1_000), Buffer.from('xyz')]))
  t.ok((await listener.closed).equals(Buffer.concat([numbersFrom(0, 1_000), Buffer.from('xyz')])))
  t.equal(await server.exited, 0)
})

t.test('closes the FIFO with -close-idle when there are no listeners, which a writer notices', { skip }, async (t) => {
  const path = makeFifo(t.testdir())
  const server = await startServer(t, [...RAW, '-close-idle', '-path', path])
  const first = listen(t, server.port)
  const writer = openWriter(t, path)
  writer.write(numbersFrom(0, 1))
  await first.bodyHas(4)
  first.reset()
  await server.logged(/source closed.*no listeners/)
  // The writer has no reader, and ends.
  await writer.end(numbersFrom(1, 100_000))
  const second = listen(t, server.port)
  await server.loggedTimes(/listener connected/, 2)
  await writeAll(t, path, numbersFrom(5, 1))
  t.ok((await second.bodyHas(4)).equals(numbersFrom(5, 1)))
})

t.test('does not remove the FIFO at the end of streamserve', { skip }, async (t) => {
  const path = makeFifo(t.testdir())
  const server = await startServer(t, [...RAW, '-warm', '-path', path])
  await server.logged(/source waiting/)
  const exited = once(server.child, 'exit')
  server.child.kill()
  t.strictSame(await exited, [0, null])
  t.equal(execFileSync('sh', ['-c', 'test -p "$1" && echo yes', 'sh', path]).toString(), 'yes\n')
})

t.test('reads the bytes of a writer that closed before the opening, and detects their end', async (t) => {
  const path = makeFifo(t.testdir())
  // Without a reader the data would be lost.
  const kept = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  t.teardown(() => closeSync(kept))
  await writeAll(t, path, Buffer.alloc(1000, 7))
  const source = createFifoSource(path, 'followed', systemClock)
  const { chunks } = await source.open(new AbortController().signal)
  const got: Buffer[] = []
  for await (const chunk of chunks) got.push(chunk)
  t.ok(Buffer.concat(got).equals(Buffer.alloc(1000, 7)))
  source.release?.()
})

t.test(
  'pauses grow and no descriptor is left open when a writer floods a FIFO with a refused format',
  { skip: skip || needsProc },
  async (t) => {
    const directory = t.testdir({ loas: Buffer.concat(loasFrames(2_000, 1)) })
    const path = makeFifo(directory)
    const server = await startServer(t, ['-debug', '-path', path])
    const writer = spawn(
      'sh',
      ['-c', 'trap "" PIPE; while :; do cat "$1" > "$2"; done 2>/dev/null', 'sh', `${directory}/loas`, path],
      {
        stdio: 'ignore',
        env: plainEnvironment(),
      },
    )
    t.teardown(() => writer.kill('SIGKILL'))
    const startedAt = performance.now()
    listen(t, server.port)
    const descriptors = () => readdirSync(`/proc/${server.child.pid}/fd`).length
    await server.logged(/source closed.*LATM/)
    const before = descriptors()
    await server.loggedTimes(/source closed.*LATM/, 5)
    const tookMs = performance.now() - startedAt
    t.ok(tookMs >= 100 + 200 + 400 + 800, `four pauses in ${tookMs} ms`)
    t.ok(descriptors() <= before, `${before} descriptors, then ${descriptors()}`)
  },
)
