import { generateKeyPairSync } from 'node:crypto'
import { renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { CertificateError, type KeyPair } from '../../src/tls/certificate.ts'
import { pairInFiles } from '../../src/tls/pair-files.ts'
import { makeFifo } from '../fifos.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock, type ManualClock } from '../manual-clock.ts'
import { needs } from '../programs.ts'
import { localPair } from './secure.ts'

const log = keepLog()

/** Two files, and a function that replaces one atomically, as certbot does. */
function filesOf(t: Test, { cert, key }: KeyPair): KeyPair & { replace(which: keyof KeyPair, text: string): void } {
  const directory = t.testdir({ 'cert.pem': cert, 'key.pem': key })
  const files = { cert: join(directory, 'cert.pem'), key: join(directory, 'key.pem') }
  return {
    ...files,
    replace(which, text) {
      writeFileSync(`${files[which]}.new`, text)
      renameSync(`${files[which]}.new`, files[which])
    },
  }
}

function open(files: KeyPair, clock = createManualClock()) {
  return pairInFiles(files, clock, log.logger)
}

t.test('refuses an unusable pair in a line that names the file', async (t) => {
  const [pair, other] = await Promise.all([localPair(), localPair()])
  const locked = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
  }).privateKey
  const { cert, key } = filesOf(t, pair)
  const refused = async (files: KeyPair, message: RegExp) => {
    await t.rejects(open(files).first(), { constructor: CertificateError, message }, String(message))
  }
  await refused({ cert: '/nowhere.pem', key }, /^-tls-cert \/nowhere\.pem: no such file$/)
  await refused({ cert, key: '/tmp' }, /^-tls-key \/tmp: is a directory$/)
  await refused({ cert: key, key }, /^-tls-cert .*: has no certificate in PEM$/)
  await refused({ cert, key: cert }, /^-tls-key .*: has no private key in PEM$/)
  const { key: otherKey } = filesOf(t, { cert: pair.cert, key: other.key })
  await refused({ cert, key: otherKey }, /^-tls-key .*: is not the key of the certificate in -tls-cert /)
  const { key: lockedKey } = filesOf(t, { cert: pair.cert, key: locked })
  await refused({ cert, key: lockedKey }, /^-tls-key .*: is encrypted with a passphrase/)
})

t.test('uses a new pair once both files have been replaced', async (t) => {
  const [pair, next] = await Promise.all([localPair(), localPair()])
  const files = filesOf(t, pair)
  const clock = createManualClock()
  const source = open(files, clock)
  t.strictSame(await source.first(), pair)
  const taken: KeyPair[] = []
  source.follow((one) => taken.push(one))
  await looks(clock, 3)
  t.strictSame(taken, [])
  const before = log.lines().length
  files.replace('cert', next.cert)
  await looks(clock, 1)
  files.replace('key', next.key)
  await looks(clock, 4)
  t.strictSame(taken, [next])
  t.strictSame(log.lines().slice(before), ['info certificate reloaded'], 'halfway nothing is said')
})

t.test('keeps the previous pair when the new one is unusable, and logs it once', async (t) => {
  const [pair, other] = await Promise.all([localPair(), localPair()])
  const files = filesOf(t, pair)
  const clock = createManualClock()
  const source = open(files, clock)
  await source.first()
  const taken: KeyPair[] = []
  source.follow((one) => taken.push(one))
  const before = log.lines().length
  files.replace('cert', other.cert)
  await looks(clock, 6)
  t.strictSame(taken, [])
  t.strictSame(log.lines().slice(before), ['error certificate not reloaded'])
  files.replace('cert', pair.cert)
  await looks(clock, 3)
  t.strictSame(taken, [], 'the same one again is no news')
  files.replace('key', other.key)
  files.replace('cert', other.cert)
  await looks(clock, 4)
  t.strictSame(taken, [other])
})

t.test('reads a certificate again after there was a FIFO in its place', { skip: needs('mkfifo') }, async (t) => {
  const [pair, next] = await Promise.all([localPair(), localPair()])
  const files = filesOf(t, pair)
  const clock = createManualClock()
  const source = open(files, clock)
  await source.first()
  const taken: KeyPair[] = []
  source.follow((one) => taken.push(one))
  const before = log.lines().length
  unlinkSync(files.cert)
  makeFifo(dirname(files.cert), basename(files.cert))
  await looks(clock, 4)
  t.strictSame(log.lines().slice(before), ['error certificate not reloaded'])
  t.match(log.records.at(-1)?.properties, { error: `-tls-cert ${files.cert}: is not a regular file` })
  files.replace('key', next.key)
  files.replace('cert', next.cert)
  await looks(clock, 4)
  t.strictSame(taken, [next])
})

t.test('refuses a FIFO, a device and a file without an end as certificate', { skip: needs('mkfifo') }, async (t) => {
  const { key, cert } = filesOf(t, await localPair())
  const fifo = makeFifo(dirname(key))
  for (const [file, message] of [
    [fifo, 'is not a regular file'],
    ['/dev/zero', 'is not a regular file'],
    ['/tmp', 'is a directory'],
  ] as const) {
    await t.rejects(open({ cert: file, key }).first(), { message: `-tls-cert ${file}: ${message}` })
    await t.rejects(open({ cert, key: file }).first(), { message: `-tls-key ${file}: ${message}` })
  }
})

/** Advances the clock by `count` checks of the files; the next check is due when the one before is done. */
async function looks(clock: ManualClock, count: number): Promise<void> {
  for (let left = count; left > 0; ) if ((await clock.next()) !== undefined) left--
}
