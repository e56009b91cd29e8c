import t from 'tap'
import { createMp3 } from '../../filters/mpeg/mp3.ts'
import { createWav } from '../../filters/wav/wav.ts'
import { lame } from '../filters/encoded.ts'
import { needs, runProgram } from '../programs.ts'
import { filesIn, numbered, openRecorded, SECOND_BYTES, SPEECH, samplesIn } from './recorded.ts'

const skip = needs('ffmpeg', 'lame')

function wav(rate: number): Buffer {
  const input = ['-v', 'error', '-f', 'lavfi', '-i', `sine=r=${rate}:d=1`]
  return runProgram('ffmpeg', [...input, '-c:a', 'pcm_s16le', '-f', 'wav', '-'])
}

t.test('a new file begins with the first frame of its name, and no sample is lost or twice', async (t) => {
  const folder = t.testdir()
  const { send, end, files } = openRecorded(t, `${folder}/%F/%H-%M.wav`, { at: '2026-05-31T23:58:30' })
  await send(numbered(0, 200))
  await end()
  const found = filesIn(folder)
  t.strictSame(
    [...found.keys()],
    ['2026-05-31/23-58.wav', '2026-05-31/23-59.wav', '2026-06-01/00-00.wav', '2026-06-01/00-01.wav'],
  )
  t.strictSame(
    [...found.values()].map((file) => samplesIn(file).length / SECOND_BYTES),
    [30, 60, 60, 50],
  )
  t.ok(Buffer.concat([...found.values()].map(samplesIn)).equals(numbered(0, 200)))
  t.strictSame(
    files().map(({ ms }) => Math.round(ms)),
    [30_000, 60_000, 60_000, 50_000],
  )
})

t.test('a file that begins just before its name changes is as short as that', async (t) => {
  const folder = t.testdir()
  const { send, end } = openRecorded(t, `${folder}/%M.wav`, { at: '2026-05-31T12:00:59.800' })
  for (let i = 0; i < 20; i++) await send(numbered(i / 10, 0.1))
  await end()
  const found = filesIn(folder)
  t.equal(samplesIn(found.get('00.wav')).length, 0.2 * SECOND_BYTES)
  t.equal(samplesIn(found.get('01.wav')).length, 1.8 * SECOND_BYTES)
})

t.test('a header is complete, and the event has the bytes of the file', async (t) => {
  const folder = t.testdir()
  const { send, end, files } = openRecorded(t, `${folder}/a`)
  await send(numbered(0, 3))
  await end()
  const file = filesIn(folder).get('a.wav')
  t.equal(file?.readUInt32LE(4), 3 * SECOND_BYTES + (file?.indexOf('data') ?? 0))
  t.equal(file?.readUInt32LE((file?.indexOf('data') ?? 0) + 4), 3 * SECOND_BYTES)
  t.match(files(), [{ file: `${folder}/a.wav`, bytes: file?.length, ms: 3000 }])
})

t.test('a file that exists is never overwritten', async (t) => {
  const folder = t.testdir({ 'a.wav': 'mine', 'a.1.wav': 'mine, too' })
  const { send, end } = openRecorded(t, `${folder}/a.wav`)
  await send(numbered(0, 1))
  await end()
  const found = filesIn(folder)
  t.strictSame([...found.keys()], ['a.1.wav', 'a.2.wav', 'a.wav'])
  t.equal(found.get('a.wav')?.toString(), 'mine')
  t.ok(samplesIn(found.get('a.2.wav')).equals(numbered(0, 1)))
})

t.test('a name of 255 bytes stays, and is cut where a number is added', async (t) => {
  const name = 'ä'.repeat(125)
  const folder = t.testdir()
  for (let i = 0; i < 2; i++) {
    const { send, end } = openRecorded(t, `${folder}/${name}a.wav`)
    await send(numbered(i, 1))
    await end()
  }
  const found = filesIn(folder)
  t.strictSame([...found.keys()].toSorted(), [`${name.slice(1)}.1.wav`, `${name}a.wav`].toSorted())
  t.ok([...found.keys()].every((own) => Buffer.byteLength(own) <= 255))
})

t.test('hours that come twice are in files of their own, and nothing is overwritten', async (t) => {
  const before = process.env['TZ']
  process.env['TZ'] = 'Europe/Berlin'
  t.teardown(() => (before === undefined ? delete process.env['TZ'] : (process.env['TZ'] = before)))
  const folder = t.testdir()
  // Half an hour each by steps of the wall clock: 02:59:58 of summer time and two seconds later 02:00:00 of winter time.
  const { send, end } = openRecorded(t, `${folder}/%F %H-%M.wav`, { at: '2026-10-25T00:59:58Z' })
  await send(numbered(0, 4))
  await end()
  const again = openRecorded(t, `${folder}/%F %H-%M.wav`, { at: '2026-10-25T00:00:00Z' })
  await again.send(numbered(10, 2))
  await again.end()
  t.strictSame([...filesIn(folder).keys()], ['2026-10-25 02-00.1.wav', '2026-10-25 02-00.wav', '2026-10-25 02-59.wav'])
  t.ok(samplesIn(filesIn(folder).get('2026-10-25 02-00.wav')).equals(numbered(2, 2)))
})

t.test('a clock that is set back does not write into an earlier file', async (t) => {
  const folder = t.testdir()
  const { send, end, wall, clock, idle } = openRecorded(t, `${folder}/%M.wav`)
  await send(numbered(0, 61))
  await clock.advance(1_000)
  await idle()
  wall.setBy = -60_000
  await send(numbered(61, 3))
  await end()
  t.strictSame([...filesIn(folder).keys()], ['00.1.wav', '00.wav', '01.wav'])
  t.ok(samplesIn(filesIn(folder).get('00.1.wav')).length > 2 * SECOND_BYTES)
})

t.test('a source that is away and back goes on in the same file', async (t) => {
  const folder = t.testdir()
  const { send, end, reopen, clock } = openRecorded(t, `${folder}/%H.wav`)
  await send(numbered(0, 2))
  await reopen()
  await clock.advance(600_000)
  await send(numbered(2, 2))
  await end()
  t.strictSame([...filesIn(folder).keys()], ['12.wav'])
  t.ok(samplesIn(filesIn(folder).get('12.wav')).equals(numbered(0, 4)))
})

t.test('a file is complete when its time is over, although no frame follows', async (t) => {
  const folder = t.testdir()
  const { send, files, clock, idle, recorders, stream } = openRecorded(t, `${folder}/%H-%M.wav`)
  await send(numbered(0, 2))
  t.equal(recorders.read(stream)?.file?.path, `${folder}/12-00.wav`)
  await clock.advance(40_000)
  await idle()
  t.equal(files().length, 0)
  await clock.advance(40_000)
  await idle()
  t.match(files(), [{ ms: 2_000 }])
  t.equal(recorders.read(stream)?.file, undefined)
})

t.test('another format begins a file of its own', { skip }, async (t) => {
  const folder = t.testdir()
  const { send, end, reopen } = openRecorded(t, `${folder}/a`, { create: createWav, flags: [] })
  await send(Buffer.concat([wav(8000), wav(16_000)]), 2000)
  await reopen()
  await end()
  const found = filesIn(folder)
  t.strictSame([...found.keys()], ['a.1.wav', 'a.wav'])
  t.strictSame([samplesIn(found.get('a.wav')).length, samplesIn(found.get('a.1.wav')).length], [16_000, 32_000])
})

t.test('the extension of the format is added, and another one is warned of once', { skip }, async (t) => {
  const folder = t.testdir()
  const { send, end, log } = openRecorded(t, `${folder}/%S.flac`, { create: createMp3, flags: [] })
  await send(lame('-b', '128'), 3000)
  await end()
  t.ok([...filesIn(folder).keys()].every((name) => name.endsWith('.flac')))
  t.equal(log.lines().filter((line) => line.includes('extension of another format')).length, 1)
})

t.test('titles name files, whatever they are', async (t) => {
  const folder = t.testdir()
  const { stream, send, end } = openRecorded(t, `${folder}/%{title}`)
  for (const title of ['../x', '.', 'CON', 'a\u202eb', 'x'.repeat(400), 'ü'.repeat(400)]) {
    stream.setTitle(title)
    await send(numbered(0, 1))
  }
  await end()
  const names = [...filesIn(folder).keys()].filter((name) => name.endsWith('.wav'))
  t.equal(names.length, 6)
  t.strictSame(
    names.filter((name) => !/^[x_]/u.test(name)),
    ['a_b.wav', `${'ü'.repeat(75)}.wav`],
  )
})

t.test('titles that change all the time do not make a file for each', async (t) => {
  const folder = t.testdir()
  const { stream, send, end } = openRecorded(t, `${folder}/%{title}.wav`)
  const bytes = numbered(0, 5)
  for (let i = 0; i < 50; i++) {
    stream.setTitle(`${i}`)
    await send(bytes.subarray((i * bytes.length) / 50, ((i + 1) * bytes.length) / 50))
  }
  await end()
  const found = [...filesIn(folder)].filter(([name]) => name.endsWith('.wav'))
  t.ok(found.length <= 11, `${found.length} files`)
  const order = found.toSorted(([one], [other]) => Number.parseInt(one, 10) - Number.parseInt(other, 10))
  t.ok(Buffer.concat(order.map(([, file]) => samplesIn(file))).equals(bytes))
})

t.test('a change of the plan applies from the next frame on', async (t) => {
  const folder = t.testdir()
  const { stream, recorders, send, end, clock, idle } = openRecorded(t, `${folder}/a.wav`)
  const record = (pattern: string | undefined) => {
    stream.change({ ...stream.plan, recording: { pattern, keepMs: undefined } })
    recorders.look(stream)
  }
  await send(numbered(0, 1.5))
  record(`${folder}/b.wav`)
  await send(numbered(1.5, 1.2))
  record(undefined)
  await send(numbered(2.7, 1))
  t.equal(recorders.read(stream), undefined)
  record(`${folder}/c.wav`)
  await send(numbered(3.7, 1))
  record(`${folder}/c.wav`)
  await send(numbered(4.7, 1))
  await clock.advance(2000)
  await idle()
  await end()
  const found = filesIn(folder)
  t.strictSame([...found.keys()], ['a.wav', 'b.wav', 'c.wav'])
  t.ok(samplesIn(found.get('a.wav')).equals(numbered(0, 1.5)))
  t.ok(samplesIn(found.get('b.wav')).equals(numbered(1.5, 1.2)))
  t.ok(samplesIn(found.get('c.wav')).equals(numbered(3.7, 2)))
})

t.test('a stream that has ended has its last frames in the file', async (t) => {
  const folder = t.testdir()
  const { stream, send, files, idle } = openRecorded(t, `${folder}/a.wav`)
  await send(numbered(0, 1))
  await send(numbered(1, 0.5))
  stream.listeners = 0
  stream.finish(undefined)
  t.equal(stream.ring.first, stream.ring.next, 'the ring is cleared')
  await idle()
  t.match(files(), [{ ms: 1500 }])
  t.ok(samplesIn(filesIn(folder).get('a.wav')).equals(numbered(0, 1.5)))
})

t.test('a ring of a few frames loses nothing', async (t) => {
  const folder = t.testdir()
  const flags = [...SPEECH, '-source-buffer', '8']
  const { send, end, stream } = openRecorded(t, `${folder}/%S.wav`, { flags })
  await send(numbered(0, 5))
  await end()
  t.ok(Buffer.concat([...filesIn(folder).values()].map(samplesIn)).equals(numbered(0, 5)))
  t.equal(stream.counters.recordingFramesLost, 0)
})

t.test('two streams with one name write two files', async (t) => {
  const folder = t.testdir()
  const streams = ['/a', '/b'].map((path) => openRecorded(t, `${folder}/%F.wav`, { path }))
  for (const [i, { send }] of streams.entries()) await send(numbered(10 * i, 2))
  for (const { end } of streams) await end()
  const found = filesIn(folder)
  t.strictSame([...found.keys()], ['2026-05-31.1.wav', '2026-05-31.wav'])
  t.ok(samplesIn(found.get('2026-05-31.1.wav')).equals(numbered(10, 2)))
})
