import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { makePair } from '../../../src/tls/self-signed.ts'
import { connectTo, listen } from '../../client.ts'
import { fakeClock, needsFakeClock } from '../../faults/fake-clock.ts'
import { needsFullDisk, smallDisk } from '../../faults/full-disk.ts'
import { needs } from '../../programs.ts'
import { startServer } from '../../streamserve.ts'
import { statusAt, watchStatus } from './status-watch.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']
const DAY_MS = 86_400_000
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

t.test('names a failing source with the reason', async (t) => {
  const server = await startServer(t, [...RAW, '-exec', 'echo no sound card >&2; exit 3'])
  t.strictSame((await statusAt(server.url)).troubles, [])
  const watch = await watchStatus(t, server.url)
  listen(t, server.port)
  const { troubles } = await watch.sees('a trouble', (report) => report.troubles.length > 0)
  t.match(troubles, [
    { kind: 'source', severity: 'error', stream: '/', since: MOMENT, text: 'The source fails: exit code 3.' },
  ])
})

t.test('has no address or user of others in the troubles of a public status', async (t) => {
  const server = await startServer(t, [...RAW, '-status', 'all', '-relay', 'http://dj:secret@127.0.0.1:9/night'])
  const watch = await watchStatus(t, server.url)
  listen(t, server.port)
  const { troubles } = await watch.sees('a trouble', (report) => report.troubles.length > 0)
  t.match(troubles, [{ kind: 'source', text: /^The source fails: \*\*\*/ }])
  t.notMatch(JSON.stringify(troubles), /secret|night|dj/)
})

t.test('names what listeners hear in place of a publisher, as a warning', async (t) => {
  const file = join(t.testdir(), 'main.conf')
  writeFileSync(file, '[/dj]\npublish\npublish-anybody\nfallback /other\n[/other]\ndemo\n')
  const server = await startServer(t, ['-config', file])
  const watch = await watchStatus(t, server.url)
  listen(t, server.port, '/dj')
  const { troubles } = await watch.sees('a trouble', (report) => report.troubles.length > 0)
  t.match(troubles, [{ kind: 'fallback', severity: 'warning', stream: '/dj', since: MOMENT }])
})

t.test('names a file of users that is missing, until it is there again', { timeout: 60_000 }, async (t) => {
  const folder = t.testdir({ djs: '' })
  const file = join(folder, 'djs')
  const server = await startServer(t, ['-publish', '-publish-users', file])
  rmSync(file)
  const watch = await watchStatus(t, server.url)
  const { troubles } = await watch.sees('a trouble', (report) => report.troubles.length > 0)
  t.match(troubles, [
    {
      kind: 'file',
      severity: 'error',
      stream: null,
      text: `The file of users ${file} cannot be read: there is no such file.`,
    },
  ])
  writeFileSync(file, '')
  await watch.sees('no trouble', (report) => report.troubles.length === 0)
})

t.test('warns before all descriptors are in use', { skip: needs('prlimit') }, async (t) => {
  const server = await startServer(t, ['-demo'], { openFiles: 400 })
  const watch = await watchStatus(t, server.url)
  const connections = Array.from({ length: 360 }, () => connectTo(t, server.port, ''))
  const { troubles } = await watch.sees('a trouble', (report) => report.troubles.length > 0)
  t.match(troubles, [{ kind: 'descriptors', severity: 'error', stream: null, text: /^Nearly all of the 400 file/ }])
  for (const { socket } of connections) socket.destroy()
})

t.test('says that the system clock was set, and that it shows a wrong time', { skip: needsFakeClock }, async (t) => {
  const server = await startServer(t, ['-demo'], fakeClock.start(t))
  const watch = await watchStatus(t, server.url)
  fakeClock.shift(2)
  const { troubles } = await watch.sees('a jump', (report) => report.troubles.length > 0)
  t.match(troubles, [
    { kind: 'clock', severity: 'warning', text: /^The system clock was set forward by 2 d, or the machine/ },
  ])
  fakeClock.shift(-9_000)
  const past = await watch.sees('a wrong time', (report) => report.troubles[0]?.severity === 'error')
  t.match(past.troubles, [{ kind: 'clock', text: /^The system clock is wrong: it shows 20\d\d-/ }])
})

t.test('names silence, and nothing once there is sound', async (t) => {
  const sound = 'head -c 30000 /dev/zero; sleep 3; exec cat /dev/urandom'
  const flags = ['-pcm', 's16le:8000:1', '-silence-after', '1s', '-source-bandwidth', '16000', '-exec', sound]
  const server = await startServer(t, flags)
  const watch = await watchStatus(t, server.url)
  listen(t, server.port)
  const { troubles } = await watch.sees('silence', (report) => report.troubles.some(({ kind }) => kind === 'silence'))
  t.match(troubles, [{ kind: 'silence', severity: 'error', stream: '/', since: MOMENT, text: 'The sound is silent.' }])
  await watch.sees('no silence', (report) => report.troubles.length === 0)
})

t.test('names a certificate that ends soon, and the limit of connections', async (t) => {
  const { cert, key } = await makePair({ names: ['localhost'], addresses: [] }, new Date(Date.now() - 810.5 * DAY_MS))
  const folder = t.testdir({ cert, key })
  const pair = ['-tls-cert', join(folder, 'cert'), '-tls-key', join(folder, 'key')]
  const server = await startServer(t, ['-demo', ...pair, '-max-connections', '2'])
  const watch = await watchStatus(t, server.url)
  listen(t, server.port)
  const { troubles } = await watch.sees('both', (report) => report.troubles.length > 1)
  t.match(troubles, [
    { kind: 'connections', severity: 'warning', stream: null, text: 'The limit of 2 connections is reached.' },
    { kind: 'certificate', severity: 'warning', stream: null, text: /^The certificate ends in 8 days, on 20/ },
  ])
})

t.test('names an access log that cannot be written', { timeout: 60_000 }, async (t) => {
  const folder = t.testdir({ logs: {} })
  const server = await startServer(t, ['-demo', '-access-log', join(folder, 'logs', 'access.log')])
  const watch = await watchStatus(t, server.url)
  rmSync(join(folder, 'logs'), { recursive: true })
  const { troubles } = await watch.sees('a trouble', (report) => report.troubles.length > 0)
  t.match(troubles, [{ kind: 'file', text: /^The access log \S*access\.log cannot be written: / }])
})

t.test('names an access log on a full disk', { skip: needsFullDisk, timeout: 60_000 }, async (t) => {
  const log = join(smallDisk(t), 'access.log')
  const server = await startServer(t, ['-demo', '-access-log', log])
  const watch = await watchStatus(t, server.url)
  const { troubles } = await watch.sees('a trouble', (report) => report.troubles.length > 0)
  t.match(troubles, [
    { kind: 'file', severity: 'error', text: `The access log ${log} cannot be written: the disk is full.` },
  ])
})
