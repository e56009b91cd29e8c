import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '@logtape/logtape'
import type { Clock } from '../system/clock.ts'
import { readRegularFile } from '../system/read-regular-file.ts'
import type { CertificateSource } from './certificate-source.ts'
import type { HostNames } from './host-names.ts'
import { checkPair, type KeyPair, MAX_PEM_BYTES } from './key-pair.ts'
import { makeDirectory } from './make-directory.ts'
import { isGoodFor, makePair } from './self-signed.ts'

/** The key and the certificate, one behind the other, so that they cannot get apart. */
const FILE = 'tls.pem'
/** It is looked so often whether the certificate still does, in milliseconds: a box runs for years, and moves house. */
const LOOK_EVERY_MS = 3_600_000

/**
 * A certificate that vouches for itself, kept in a directory, and made anew when it will not do any more.
 * @param directory undefined: there is none, and each start makes another certificate.
 */
export function keptPair(
  directory: string | undefined,
  namesOfHost: () => HostNames,
  clock: Clock,
  log: Logger,
): CertificateSource {
  let pair: KeyPair | undefined
  const look = async (): Promise<KeyPair> => {
    const [host, now] = [namesOfHost(), new Date()]
    const kept = pair ?? (directory === undefined ? undefined : await read(join(directory, FILE)))
    pair = kept !== undefined && isGoodFor(kept, host, now) ? kept : await makeAndKeep(directory, host, log)
    return pair
  }
  return {
    first: look,
    follow(take) {
      const lookLater = () => void clock.after(LOOK_EVERY_MS, () => void lookNow().then(lookLater))
      const lookNow = async () => {
        const before = pair
        try {
          const now = await look()
          if (now !== before) take(now)
        } catch (error) {
          log.warn('certificate not checked', { error: (error as Error).message })
        }
      }
      lookLater()
    },
  }
}

async function makeAndKeep(directory: string | undefined, host: HostNames, log: Logger): Promise<KeyPair> {
  const pair = await makePair(host, new Date())
  log.info('made a certificate', { for: [...host.names, ...host.addresses].join(',') })
  try {
    if (directory === undefined) throw new Error('neither STATE_DIRECTORY nor a home directory is known')
    await makeDirectory(directory, 0o700)
    await replace(join(directory, FILE), `${pair.key}${pair.cert}\n`)
  } catch (error) {
    log.warn('the certificate cannot be kept, the next start makes another', { error: (error as Error).message })
  }
  return pair
}

/** Whoever reads sees the one before or the new one, and nobody else may. */
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

/** @returns undefined when there is none, or none that can be used */
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
