import type { Logger } from '@logtape/logtape'
import { type Clock, repeat } from '../system/clock.ts'
import { fileVersion } from '../system/file-version.ts'
import { readRegularFile } from '../system/read-regular-file.ts'
import { CertificateError, type CertificateSource, type KeyPair } from './certificate.ts'
import { checkPair, MAX_PEM_BYTES } from './key-pair.ts'

/** Interval of the checks for changed files, in milliseconds. */
const CHECK_EVERY_MS = 2_000

/**
 * A certificate and its key in files, which are read again when they change. The two may be replaced one after the other: so
 * they are read once two checks see the same state, and the previous pair stays in use if the new one is invalid.
 * @param files names of the two.
 */
export function pairInFiles(files: KeyPair, clock: Clock, log: Logger): CertificateSource {
  let seen = ''
  let read = ''
  let pair: KeyPair | undefined
  const check = async (use: (pair: KeyPair) => void) => {
    const now = await stateOf(files)
    const isSettled = now === seen
    seen = now
    if (!isSettled || now === read) return
    read = now
    const next = await readPair(files)
    if (next.cert === pair?.cert && next.key === pair.key) return
    pair = next
    log.info('certificate reloaded', { file: files.cert })
    use(next)
  }
  return {
    async first() {
      read = await stateOf(files)
      seen = read
      pair = await readPair(files)
      return pair
    },
    follow: (use) =>
      repeat(clock, CHECK_EVERY_MS, () =>
        check(use).catch((error: unknown) => {
          log.error('certificate not reloaded', { error: (error as Error).message })
        }),
      ),
  }
}

async function readPair({ cert, key }: KeyPair): Promise<KeyPair> {
  const where = { cert: `-tls-cert ${cert}`, key: `-tls-key ${key}` }
  const pair = { cert: await textOf(cert, where.cert), key: await textOf(key, where.key) }
  checkPair(pair, where)
  return pair
}

async function textOf(file: string, where: string): Promise<string> {
  try {
    return String(await readRegularFile(file, MAX_PEM_BYTES))
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new CertificateError(`${where}: ${REASONS[code] ?? message}`, { cause: error })
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'this user is not permitted to read it',
}

/** Returns a text that differs between versions of the files; symbolic links are followed. */
async function stateOf({ cert, key }: KeyPair): Promise<string> {
  const versions = await Promise.all([cert, key].map((file) => fileVersion(file).catch(() => 'none')))
  return versions.join(', ')
}
