import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '@logtape/logtape'
import type { Clock } from '../clock.ts'
import type { CertificateSource } from './certificate-source.ts'
import type { HostNames } from './host-names.ts'
import { checkPair, type KeyPair } from './key-pair.ts'
import { isGoodFor, makePair } from './self-signed.ts'

/** The key and the certificate, one behind the other, so that they cannot get apart. */
const FILE = 'tls.pem'
/** It is looked so often whether the certificate still does, in milliseconds: a box runs for years, and moves house. */
const LOOK_EVERY_MS = 3_600_000

/** A certificate that vouches for itself, kept in a directory, and made anew when it will not do any more. */
export function keptPair(
  directory: string,
  namesOfHost: () => HostNames,
  clock: Clock,
  log: Logger,
): CertificateSource {
  const file = join(directory, FILE)
  let pair: KeyPair | undefined
  const look = async (): Promise<KeyPair> => {
    const [host, now] = [namesOfHost(), new Date()]
    const kept = pair ?? (await read(file))
    pair = kept !== undefined && isGoodFor(kept, host, now) ? kept : await makeAndKeep(file, directory, host, log)
    return pair
  }
  return {
    first: look,
    follow(take) {
      const lookLater = () => void clock.after(LOOK_EVERY_MS, () => void lookNow().then(lookLater))
      const lookNow = async () => {
        const before = pair
        const now = await look()
        if (now !== before) take(now)
      }
      lookLater()
    },
  }
}

async function makeAndKeep(file: string, directory: string, host: HostNames, log: Logger): Promise<KeyPair> {
  const pair = await makePair(host, new Date())
  log.info('made a certificate', { for: [...host.names, ...host.addresses].join(',') })
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await replace(file, `${pair.key}${pair.cert}\n`)
  } catch (error) {
    log.warn('the certificate cannot be kept, the next start makes another', { error: (error as Error).message })
  }
  return pair
}

/** Whoever reads sees the one before or the new one, and nobody else may. */
async function replace(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}`
  const handle = await open(temporary, 'w', 0o600)
  try {
    await handle.chmod(0o600)
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, file)
}

/** @returns undefined when there is none, or none that can be used */
async function read(file: string): Promise<KeyPair | undefined> {
  try {
    const text = await readFile(file, 'utf8')
    const pair = { cert: text, key: text }
    checkPair(pair, { cert: file, key: file })
    return pair
  } catch {
    return undefined
  }
}
