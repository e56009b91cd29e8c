import type { Logger } from '@logtape/logtape'
import type { Subject } from './page-subject.ts'

/**
 * Logs the addresses of the pages.
 * @param url address that clients can open, as `http://`.
 * @returns the address as a QR code for a terminal; undefined without a reader, or when no phone can connect
 */
export async function invite(
  url: string,
  subject: Subject,
  hasReader: boolean,
  log: Logger,
): Promise<string | undefined> {
  const { config, isSecure, isAlone, liveToken } = subject
  const { talk, liveToken: given } = config()
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
