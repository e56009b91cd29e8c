import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { connectTo, listen } from '../client.ts'
import { areConsecutive, numberBytes, numbersIn } from '../feeders.ts'
import { scrape } from '../metrics/scrape.ts'
import { until } from '../processes.ts'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { filesIn, samplesIn } from './recorded.ts'
import { execIn, folderOf, numbersOf, recordingOf, startRecorded, stop } from './recorded-numbers.ts'

t.jobs = 2

const cannotMount = missingForMounts()

/** Tries to mount where nothing else is mounted: containers often may not. @returns why tests that mount are skipped */
function missingForMounts(): false | string {
  if (process.getuid?.() !== 0) return 'needs root'
  const missing = needs('unshare', 'mount', 'umount')
  if (missing !== false) return missing
  const { status } = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt'])
  return status === 0 ? false : 'needs permission to mount'
}

t.test('files of a second each have everything, from the first sample to the last', async (t) => {
  const folder = folderOf(t)
  const server = await startRecorded(t, `${folder}/%F/%H-%M-%S.wav`)
  await server.loggedTimes(/file recorded/, 5)
  await stop(server)
  const all = numbersOf(folder)
  t.equal(all[0], 0)
  t.ok(areConsecutive(all))
  t.ok(all.length > 4 * 25_000)
  for (const [name, file] of filesIn(folder)) {
    const at = file.indexOf('data')
    t.equal(file.readUInt32LE(at + 4), file.length - at - 8, `the header of ${name} is complete`)
  }
})

t.test('a file plays after kill -9, and the next start does not overwrite it', async (t) => {
  const folder = folderOf(t)
  const hasBytes = (name: string) =>
    until(`${name} has sound`, () => (filesIn(folder).get(name)?.length ?? 0) > 150_000)
  const server = await startRecorded(t, `${folder}/a.wav`)
  await hasBytes('a.wav')
  server.child.kill('SIGKILL')
  await server.exited
  const before = filesIn(folder).get('a.wav')
  t.ok(areConsecutive(numbersOf(folder)))
  t.equal(before?.readUInt32LE((before.indexOf('data') ?? 0) + 4), 0xffffffff, 'players read to the end')
  const next = await startRecorded(t, `${folder}/a.wav`)
  await hasBytes('a.1.wav')
  await stop(next)
  t.ok(before !== undefined && filesIn(folder).get('a.wav')?.equals(before))
})

t.test(
  'a full disk harms no listener, and the recording goes on when there is room',
  { skip: cannotMount },
  async (t) => {
    const folder = folderOf(t)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'streamserve-test', folder])
    t.teardown(() => execFileSync('umount', [folder]))
    writeFileSync(`${folder}/ballast`, Buffer.alloc(1_600_000))
    const server = await startRecorded(t, `${folder}/%H-%M-%S.wav`, '-burst', '0')
    const listeners = Array.from({ length: 50 }, () => listen(t, server.port, '/?raw'))
    t.match(await server.logged(/recording failed/), /reason="the disk is full"/)
    const failing = await recordingOf(server)
    t.match(failing, { state: 'failing', why: 'the disk is full', file: null })
    t.match(failing.troubles, [{ kind: 'recording', severity: 'error' }])
    await server.logged(/recording frames lost/)
    rmSync(`${folder}/ballast`)
    await server.logged(/recording resumed/)
    await until('sound is recorded again', async () => ((await recordingOf(server)).bytes ?? 0) > 20_000)
    const metrics = await scrape(server.url)
    const lost = metrics.get('streamserve_recording_lost_frames_total')?.values.get('{stream="/"}') ?? 0
    t.ok(lost > 0)
    for (const listener of listeners) {
      const body = listener.body()
      t.ok(areConsecutive(numbersIn(body.subarray(0, body.length - (body.length % 4)))), 'a listener has lost nothing')
    }
    await stop(server)
    const all = numbersOf(folder)
    t.equal(all[0], 0)
    const gaps = all.reduce((sum, value, i) => sum + value - (all[i - 1] ?? value - 1) - 1, 0)
    t.ok(gaps >= lost * 100, 'what is missing is counted')
    t.ok(gaps <= (lost + 1) * 100 + 50_000)
  },
)

t.test('a complete file is an event, a hook, a line of the log and a metric', async (t) => {
  const folder = folderOf(t)
  const hook = `cat >> '${folder}/events'`
  const server = await startRecorded(t, `${folder}/%S.wav`, '-on-recorded', hook)
  t.match(await server.logged(/file recorded/), /file=\S+\.wav bytes=\d+ time=\d\.\ds/)
  await until('the hook has run', () => (filesIn(folder).get('events')?.length ?? 0) > 0)
  const [line = ''] = readFileSync(`${folder}/events`, 'utf8').split('\n')
  const event = JSON.parse(line) as { readonly file: string }
  t.match(event, { event: 'recorded', stream: '/', bytes: Number, seconds: Number, file: /^\/.*\.wav$/ })
  const found = await scrape(server.url)
  for (const [name, least] of [
    ['streamserve_recording', 1],
    ['streamserve_recorded_files_total', 1],
    ['streamserve_recorded_bytes_total', 1_000],
  ] as const)
    t.ok((found.get(name)?.values.get('{stream="/"}') ?? 0) >= least, name)
  t.match(await recordingOf(server), { state: 'recording', file: /\.wav$/, since: /^2/, framesLost: 0, why: null })
  await stop(server)
})

t.test('a reload begins, changes and ends a recording, and no listener notices', async (t) => {
  const folder = folderOf(t)
  const file = join(folder, 'a.conf')
  const lines = (...more: readonly string[]) =>
    writeFileSync(file, ['pcm s16le:25000:2', 'warm', execIn(folder), ...more].join('\n'))
  lines()
  const server = await startServer(t, ['-config', file])
  const listener = listen(t, server.port, '/?raw')
  let reloads = 0
  const reload = async (...more: readonly string[]) => {
    lines(...more)
    server.child.kill('SIGHUP')
    await server.loggedTimes(/configuration reloaded/, ++reloads)
  }
  const grows = (name: string) => until(`${name} grows`, () => (filesIn(folder).get(name)?.length ?? 0) > 50_000)
  t.equal((await recordingOf(server)).state, undefined)
  await reload(`record ${folder}/one.wav`)
  await grows('one.wav')
  await reload(`record ${folder}/two.wav`)
  await grows('two.wav')
  await reload()
  await server.loggedTimes(/file recorded/, 2)
  t.equal((await recordingOf(server)).state, undefined)
  const [one, two] = ['one.wav', 'two.wav'].map((name) => numbersIn(samplesIn(filesIn(folder).get(name))))
  t.ok(areConsecutive([...(one ?? []), ...(two ?? [])]), 'the second file begins where the first ends')
  await listener.bodyHas(listener.body().length + 100_000)
  const body = listener.body()
  t.ok(areConsecutive(numbersIn(body.subarray(0, body.length - (body.length % 4)))))
})

t.test('published streams are recorded, and a fallback as what listeners hear', async (t) => {
  const folder = folderOf(t)
  const file = join(folder, 'a.conf')
  const lines = [
    'pcm s16le:25000:2',
    `record ${folder}/%{stream}.wav`,
    '[/numbers]',
    'warm',
    execIn(folder),
    '[/guests/*]',
    'publish',
    'publish-anybody',
    '[/main]',
    'warm',
    'path /dev/null/none',
    'fallback /numbers',
    'fallback-after 200ms',
  ]
  writeFileSync(file, lines.join('\n'))
  const server = await startServer(t, ['-config', file])
  const publisher = connectTo(t, server.port, 'PUT /guests/anna HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n')
  publisher.socket.write(numberBytes(0, 50_000))
  const grows = (name: string) => until(`${name} grows`, () => (filesIn(folder).get(name)?.length ?? 0) > 60_000)
  await Promise.all([grows('numbers.wav'), grows('guests_anna.wav'), grows('main.wav')])
  t.equal((await recordingOf(server, '/main')).state, 'recording')
  await stop(server)
  for (const name of ['main.wav', 'guests_anna.wav'])
    t.ok(areConsecutive(numbersIn(samplesIn(filesIn(folder).get(name)))), name)
})
