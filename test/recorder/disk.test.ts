import { EventEmitter, once } from 'node:events'
import { existsSync, renameSync, rmSync } from 'node:fs'
import t from 'tap'
import { type Disk, type DiskFile, systemDisk } from '../../src/recorder/disk.ts'
import { until } from '../processes.ts'
import { filesIn, numbered, openRecorded, SECOND_BYTES, samplesIn } from './recorded.ts'

/** State of a disk that fails as the test says. */
interface Faults {
  /** Bytes that are free; undefined: enough. */
  free?: number | undefined
  /** Code of the error of every operation; undefined: they succeed. */
  code?: string | undefined
  /** Writes wait for it; undefined: they do not. */
  hang?: Promise<unknown> | undefined
}

function fault(code: string): Error {
  return Object.assign(new Error(code), { code })
}

/** A disk with faults. A full one writes what it can, as Linux does. */
function faultyDisk(faults: Faults): Disk {
  const wrap = (file: DiskFile): DiskFile => {
    let size = 0
    const resize = (wanted: number) => {
      if (faults.free !== undefined) faults.free -= wanted - size
      size = wanted
    }
    return {
      async write(bytes, offset, length, position) {
        await faults.hang
        if (faults.code !== undefined) throw fault(faults.code)
        const part = Math.min(length, size - position + (faults.free ?? length))
        if (part <= 0 && length > 0) throw fault('ENOSPC')
        resize(Math.max(size, position + part))
        return file.write(bytes, offset, part, position)
      },
      truncate(length) {
        resize(length)
        return file.truncate(length)
      },
      stat: () => file.stat(),
      close: () => file.close(),
    }
  }
  return {
    ...systemDisk,
    async create(path) {
      if (faults.code !== undefined) throw fault(faults.code)
      return wrap(await systemDisk.create(path))
    },
  }
}

t.test('a full disk leaves whole files, and the recording goes on when there is room', async (t) => {
  const folder = t.testdir()
  const faults: Faults = { free: 100_001 }
  const { send, end, recorders, stream, log, clock, idle } = openRecorded(t, `${folder}/a.wav`, {
    disk: faultyDisk(faults),
  })
  await send(numbered(0, 9))
  t.match(recorders.read(stream), { failure: 'the disk is full', file: undefined })
  faults.free = undefined
  await clock.advance(10_000)
  await idle()
  await send(numbered(9, 2))
  await end()
  const [first, second] = ['a.wav', 'a.1.wav'].map((name) => filesIn(folder).get(name))
  t.strictSame([...filesIn(folder).keys()], ['a.1.wav', 'a.wav'])
  const [one, other] = [samplesIn(first), samplesIn(second)]
  t.equal(first?.readUInt32LE(first.indexOf('data') + 4), one.length, 'the header of the cut file is complete')
  t.ok(Buffer.concat([one, other]).equals(numbered(0, 11)), 'nothing is lost, because the ring had it')
  t.equal(stream.counters.recordingFramesLost, 0)
  t.ok(stream.counters.recordingFailures >= 1)
  const lines = log.lines().filter((line) => line.includes('recording'))
  t.strictSame(lines, ['warning recording failed', 'info recording resumed'])
})

t.test('frames that the ring drops meanwhile are counted, logged at once and once a minute', async (t) => {
  const folder = t.testdir()
  const faults: Faults = {}
  const settings = { disk: faultyDisk(faults) }
  const { send, end, stream, log, recorders, clock, idle } = openRecorded(t, `${folder}/a.wav`, settings)
  await send(numbered(0, 5))
  await clock.advance(1000)
  await idle()
  faults.code = 'EIO'
  await send(numbered(5, 240))
  t.match(recorders.read(stream), { failure: 'the disk reports an error' })
  faults.code = undefined
  await clock.advance(10_000)
  await idle()
  await send(numbered(245, 5))
  await end()
  const found = filesIn(folder)
  t.strictSame([...found.keys()], ['a.1.wav', 'a.wav'], 'attempts leave no empty files')
  t.ok(samplesIn(found.get('a.wav')).equals(numbered(0, 5)))
  const rest = samplesIn(found.get('a.1.wav'))
  t.ok(rest.equals(numbered(0, 250).subarray(-rest.length)))
  const lost = 250 * SECOND_BYTES - 5 * SECOND_BYTES - rest.length
  t.equal(stream.counters.recordingFramesLost, lost / 64)
  const records = log.records.filter(({ message }) => message.join('') === 'recording frames lost')
  t.ok(records.length >= 2 && records.length <= 5, `${records.length} lines`)
  const sum = records.reduce((bytes, { properties }) => bytes + Number(properties['bytes']), 0)
  t.equal(sum, lost)
  t.match(records[0]?.properties, { reason: 'the disk reports an error', time: /^\d+\.\ds$/ })
})

t.test('a disk that hangs holds up no frame and no memory, and is reported', async (t) => {
  const folder = t.testdir()
  const gate = new EventEmitter()
  const faults: Faults = {}
  const source = openRecorded(t, `${folder}/%S.wav`, { disk: faultyDisk(faults) })
  const { stream, recorders, log, clock } = source
  await source.send(numbered(0, 3))
  await clock.advance(1000)
  await source.idle()
  faults.hang = once(gate, 'open')
  // Sent without waiting for the disk.
  const pieces = Array.from({ length: 300 }, (_, i) => numbered(3 + i, 1))
  for (const piece of pieces) await source.push(piece)
  t.equal(stream.ring.next, (303 * SECOND_BYTES) / 64, 'all frames are in the ring')
  t.match(recorders.read(stream), { failure: 'the disk does not answer' })
  t.ok(stream.counters.recordingFramesLost > 0)
  t.equal(log.lines().filter((line) => line === 'warning recording failed').length, 1)
  faults.hang = undefined
  gate.emit('open')
  await source.idle()
  await clock.advance(2000)
  await source.idle()
  t.match(recorders.read(stream), { failure: undefined })
})

t.test('a file or folder that is removed is followed by a new one', async (t) => {
  const folder = t.testdir()
  const { send, end, idle, clock } = openRecorded(t, `${folder}/%F/a.wav`)
  await send(numbered(0, 3))
  await clock.advance(1000)
  await idle()
  rmSync(`${folder}/2026-05-31`, { recursive: true })
  await send(numbered(3, 9))
  t.ok(existsSync(`${folder}/2026-05-31/a.wav`))
  renameSync(`${folder}/2026-05-31/a.wav`, `${folder}/moved.wav`)
  await send(numbered(12, 9))
  await end()
  const found = filesIn(folder)
  t.strictSame([...found.keys()], ['2026-05-31/a.wav', 'moved.wav'])
  const sound = Buffer.concat([samplesIn(found.get('moved.wav')), samplesIn(found.get('2026-05-31/a.wav'))])
  t.ok(sound.equals(numbered(0, 21).subarray(-sound.length)), 'nothing is lost between them')
})

t.test('a folder that cannot be written is tried again less and less often', async (t) => {
  const folder = t.testdir({ file: 'not a folder' })
  let attempts = 0
  const disk: Disk = {
    ...systemDisk,
    makeFolder(path) {
      attempts++
      return systemDisk.makeFolder(path)
    },
  }
  const { send, end, recorders, stream } = openRecorded(t, `${folder}/file/a.wav`, { disk })
  await send(numbered(0, 60))
  t.match(recorders.read(stream), { failure: /folder|file/ })
  t.ok(attempts >= 5 && attempts <= 12, `${attempts} attempts in a minute`)
  await end()
})

t.test('the end of the program does not wait for a disk that hangs', async (t) => {
  const folder = t.testdir()
  const gate = new EventEmitter()
  const faults: Faults = { hang: once(gate, 'open') }
  const source = openRecorded(t, `${folder}/a.wav`, { disk: faultyDisk(faults) })
  await source.push(numbered(0, 5))
  await source.clock.advance(1000)
  let hasEnded = false
  void source.end().then(() => (hasEnded = true))
  await source.clock.advance(3000)
  t.notOk(hasEnded, 'the caller limits the time')
  gate.emit('open')
  await until('the file is complete', () => hasEnded)
})
