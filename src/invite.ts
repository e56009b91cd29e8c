import type { Logger } from '@logtape/logtape'
import type { Subject } from './open-pages.ts'
import type { Output } from './output.ts'
import { addressForOthers } from './tls/host-names.ts'

/**
 * Says where a browser finds the pages: in the log and, to a person at a terminal, as a QR code for a phone in the network.
 * @param address URL that is listened at, as `http://`.
 */
export async function invite(address: string, subject: Subject, output: Output, log: Logger): Promise<void> {
  const { config, isSecure, isAlone, liveToken } = subject
  const { talk, liveToken: given } = config()
  // It is said nowhere else.
  if (talk && given === undefined) log.info('made up a token for going on the air at /live', { token: liveToken })
  if (!isSecure) return
  const page = reachable(address) + (talk ? '/talk' : '/')
  log.info('HTTPS is spoken too', { page })
  if (output.isTerminal && !isAlone) output.write(await codeFor(page))
}

/** What is listened at, as others can reach it: instead of all addresses, one that they can. */
function reachable(address: string): string {
  const url = new URL(address.replace(/^http:/, 'https:'))
  const host = ['0.0.0.0', '[::]'].includes(url.hostname) ? (addressForOthers() ?? 'localhost') : url.hostname
  url.hostname = /^[^[].*:/.test(host) ? `[${host}]` : host
  return url.origin
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
