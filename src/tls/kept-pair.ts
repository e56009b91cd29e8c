import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '@logtape/logtape'
import { type Clock, repeat } from '../system/clock.ts'
import { readRegularFile } from '../system/read-regular-file.ts'
import type { CertificateSource, KeyPair } from './certificate.ts'
import type { HostNames } from './host-names.ts'
import { checkPair, MAX_PEM_BYTES } from './key-pair.ts'
import { makeDirectory } from './make-directory.ts'
import { isGoodFor, makePair } from './self-signed.ts'

/** The key followed by the certificate, in one file so that they always match. */
const FILE = 'tls.pem'
/** Interval of the checks of the certificate, in milliseconds: a server may run for years, and move to another network. */
const CHECK_EVERY_MS = 3_600_000

/**
 * Creates a self-signed certificate, kept in a directory, and replaces it before it expires or when the names of the host
 * change.
 * @param directory undefined: the certificate is not kept, and each start makes another one.
 */
export function keptPair(
  directory: string | undefined,
  namesOfHost: () => HostNames,
  clock: Clock,
  log: Logger,
): CertificateSource {
  let pair: KeyPair | undefined
  const check = async (): Promise<KeyPair> => {
    const [host, now] = [namesOfHost(), new Date()]
    const kept = pair ?? (directory === undefined ? undefined : await read(join(directory, FILE)))
    pair = kept !== undefined && isGoodFor(kept, host, now) ? kept : await makeAndKeep(directory, host, log)
    return pair
  }
  return {
    first: check,
    follow(use) {
      const checkNow = async () => {
        const before = pair
        try {
          const now = await check()
          if (now !== before) use(now)
        } catch (error) {
          log.warn('certificate not checked', { error: (error as Error).message })
        }
      }
      return repeat(clock, CHECK_EVERY_MS, checkNow)
    },
  }
}

async function makeAndKeep(directory: string | undefined, host: HostNames, log: Logger): Promise<KeyPair> {
  const pair = await makePair(host, new Date())
  log.info('certificate created', { names: [...host.names, ...host.addresses].join(',') })
  try {
    if (directory === undefined) throw new Error('neither STATE_DIRECTORY nor a home directory is known')
    await makeDirectory(directory, 0o700)
    await replace(join(directory, FILE), `${pair.key}${pair.cert}\n`)
  } catch (error) {
    log.warn('certificate not saved', { error: (error as Error).message })
  }
  return pair
}

/** Replaces a file atomically: readers see the old or the new content. Only the owner may read it. */
async function replace(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}`
  try {
    await write(temporary, text)
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw error
  }
}

async function write(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600)
  try {
    await handle.chmod(0o600)
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** @returns undefined when the file is missing or has no usable pair */
async function read(file: string): Promise<KeyPair | undefined> {
  try {
    const text = String(await readRegularFile(file, MAX_PEM_BYTES))
    const pair = { cert: text, key: text }
    checkPair(pair, { cert: file, key: file })
    return pair
  } catch {
    return undefined
  }
}
