import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { KeyPair } from '../../src/tls/certificate.ts'
import type { HostNames } from '../../src/tls/host-names.ts'
import { keptPair } from '../../src/tls/kept-pair.ts'
import { makeFifo } from '../fifos.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'
import { until } from '../processes.ts'
import { needs } from '../programs.ts'

const HOST: HostNames = { names: ['localhost'], addresses: ['127.0.0.1'] }
const MOVED: HostNames = { names: ['localhost'], addresses: ['127.0.0.1', '192.0.2.7'] }
const HOUR_MS = 3_600_000

const log = keepLog()

function keep(directory: string | undefined, host: () => HostNames = () => HOST, clock = createManualClock()) {
  return keptPair(directory, host, clock, log.logger)
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}

/** A directory in which nothing has been stored yet. */
function newDirectory(t: Test): string {
  return join(t.testdir(), 'state', 'streamserve')
}

t.test('makes a certificate at the first start, and uses it again at the next one', async (t) => {
  const directory = newDirectory(t)
  const made = await keep(directory).first()
  const kept = await keep(directory).first()
  t.equal(kept.cert.trim().slice(-100), made.cert.trim().slice(-100))
  t.match(kept.cert, made.key.trim())
})

t.test('gives only its user access to the key', async (t) => {
  const directory = newDirectory(t)
  await keep(directory).first()
  t.strictSame(readdirSync(directory), ['tls.pem'], 'nothing else is left behind')
  t.equal(modeOf(join(directory, 'tls.pem')), '600')
  t.equal(modeOf(directory), '700')
})

t.test('makes another certificate when the addresses change or a file is broken', async (t) => {
  const directory = newDirectory(t)
  const first = await keep(directory).first()
  const second = await keep(directory, () => MOVED).first()
  t.not(second.key, first.key)
  t.match(readFileSync(join(directory, 'tls.pem'), 'utf8'), second.key.trim())
  writeFileSync(join(directory, 'tls.pem'), 'nonsense')
  chmodSync(join(directory, 'tls.pem'), 0o644)
  await keep(directory, () => MOVED).first()
  t.match(readFileSync(join(directory, 'tls.pem'), 'utf8'), /BEGIN PRIVATE KEY[^]*BEGIN CERTIFICATE/)
  t.equal(modeOf(join(directory, 'tls.pem')), '600')
})

t.test('checks the certificate each hour while the program runs', async (t) => {
  const clock = createManualClock()
  let host = HOST
  const source = keep(newDirectory(t), () => host, clock)
  const first = await source.first()
  const taken: KeyPair[] = []
  source.follow((pair) => taken.push(pair))
  await clock.advance(3 * HOUR_MS)
  t.strictSame(taken, [])
  host = MOVED
  await clock.advance(HOUR_MS)
  await until('another one', () => taken.length > 0)
  t.not(taken[0]?.key, first.key)
})

t.test('makes a certificate and logs it when it cannot be kept', async (t) => {
  const file = join(t.testdir({ file: '' }), 'file')
  const pair = await keep(join(file, 'streamserve')).first()
  t.match(pair.cert, /BEGIN CERTIFICATE/)
  t.match(log.lines().at(-1), /^warning certificate not saved/)
})

t.test('checks again an hour later when a check fails', async (t) => {
  const clock = createManualClock()
  let host: HostNames | undefined = HOST
  const namesOfHost = () => {
    if (host === undefined) throw new Error('uv_interface_addresses returned EMFILE')
    return host
  }
  const source = keep(newDirectory(t), namesOfHost, clock)
  const first = await source.first()
  const taken: KeyPair[] = []
  source.follow((pair) => taken.push(pair))
  host = undefined
  const before = log.lines().length
  await clock.advance(2 * HOUR_MS)
  t.strictSame(log.lines().slice(before), Array(2).fill('warning certificate not checked'))
  t.strictSame(taken, [])
  host = MOVED
  await clock.advance(HOUR_MS)
  await until('another one', () => taken.length > 0)
  t.not(taken[0]?.key, first.key)
})

t.test('makes a certificate, and leaves nothing behind, when no directory can keep it', async (t) => {
  const folder = t.testdir({ full: { 'tls.pem': { fifo: '' } } })
  // Files cannot be created in /proc, although it exists; a directory cannot be replaced by a file.
  for (const directory of [undefined, '/proc/streamserve', '/proc/a/b', join(folder, 'full')]) {
    const pair = await keep(directory).first()
    t.match(pair.cert, /BEGIN CERTIFICATE/)
    t.match(log.lines().at(-1), /^warning certificate not saved/)
  }
  t.strictSame(readdirSync(join(folder, 'full')), ['tls.pem'])
})

t.test('makes a certificate when a FIFO has the name of the one that is kept', { skip: needs('mkfifo') }, async (t) => {
  const directory = t.testdir()
  makeFifo(directory, 'tls.pem')
  const made = await keep(directory).first()
  t.match(readFileSync(join(directory, 'tls.pem'), 'utf8'), made.key.trim())
})
