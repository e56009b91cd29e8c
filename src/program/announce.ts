import type { Logger } from '@logtape/logtape'
import type { Registry } from '../station/station.ts'
import { encodePath } from '../stream/encode-path.ts'
import type { Server } from './server.ts'

/** Maximum number of streams that are logged one by one. */
const MAX_STREAMS = 20

/**
 * Logs the address of each stream: the first stream at every address of the machine, all further ones at the first address.
 * @param urls addresses that clients can open
 */
export async function announce(
  [url = '', ...others]: readonly string[],
  registry: Registry,
  log: Logger,
): Promise<void> {
  const [first = '/', ...paths] = (await registry.paths()).map(encodePath)
  for (const base of [url, ...others]) log.info('listening', { address: `${base}${first}` })
  for (const path of paths.slice(0, MAX_STREAMS)) log.info('listening', { address: `${url}${path}` })
  if (paths.length > MAX_STREAMS) log.info('listening', { address: `${url}/...`, streams: paths.length + 1 })
}

/**
 * Logs the addresses of the pages.
 * @param url address that clients can open, as `http://`.
 * @returns the address of the HTTPS page as a QR code for a terminal; undefined without a reader, or when no phone can connect
 */
export async function announcePages(
  url: string,
  { current, isSecure, isAlone, liveToken }: Server,
  hasReader: boolean,
  log: Logger,
): Promise<string | undefined> {
  const { talk, liveToken: given } = current.plan.pages
  // The token is shown nowhere else.
  if (talk && given === undefined) log.info('publishing token created', { token: liveToken })
  if (!isSecure) return undefined
  const page = url.replace(/^http:/, 'https:') + (talk ? '/talk' : '/')
  log.info('HTTPS enabled', { page })
  return isAlone || !hasReader ? undefined : codeFor(page)
}

const WHITE_ON_BLACK = '\x1b[97;40m'
const AS_BEFORE = '\x1b[0m'

/** The code is light on dark whatever the colours of the terminal are, because phones read that best. */
async function codeFor(page: string): Promise<string> {
  const { renderUnicodeCompact } = await import('uqr')
  const lines = renderUnicodeCompact(page, { border: 2 }).split('\n')
  const code = lines.map((line) => `  ${WHITE_ON_BLACK}${line}${AS_BEFORE}\n`).join('')
  return `\n${code}\n  ${page}\n  Browsers warn once of a certificate that is not from -tls-cert.\n\n`
}
