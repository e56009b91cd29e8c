import type { Logger } from '@logtape/logtape'
import type { Subject } from './page-subject.ts'

/**
 * Logs where a browser finds the pages.
 * @param url address that clients can open, as `http://`.
 * @returns text for a terminal: the same as a QR code; undefined without a reader, or where no phone can connect
 */
export async function invite(
  url: string,
  subject: Subject,
  hasReader: boolean,
  log: Logger,
): Promise<string | undefined> {
  const { config, isSecure, isAlone, liveToken } = subject
  const { talk, liveToken: given } = config()
  // It is said nowhere else.
  if (talk && given === undefined) log.info('made up a token for going on the air at /live', { token: liveToken })
  if (!isSecure) return undefined
  const page = url.replace(/^http:/, 'https:') + (talk ? '/talk' : '/')
  log.info('HTTPS is spoken too', { page })
  return isAlone || !hasReader ? undefined : codeFor(page)
}

const WHITE_ON_BLACK = '\x1b[97;40m'
const AS_BEFORE = '\x1b[0m'

/** The code is light on dark whatever the colours of the terminal are: that is how phones read it best. */
async function codeFor(page: string): Promise<string> {
  const { renderUnicodeCompact } = await import('uqr')
  const lines = renderUnicodeCompact(page, { border: 2 }).split('\n')
  const code = lines.map((line) => `  ${WHITE_ON_BLACK}${line}${AS_BEFORE}\n`).join('')
  return `\n${code}\n  ${page}\n  A browser warns, once, of a certificate that was not given with -tls-cert.\n\n`
}
