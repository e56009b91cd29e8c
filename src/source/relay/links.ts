import type { IncomingMessage } from 'node:http'
import { maskSecrets } from '../../text/mask-secrets.ts'
import { printable } from '../../text/printable.ts'

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Returns where an answer redirects to, as it is written; undefined: it does not. */
export function redirectOf({ statusCode = 0, headers }: IncomingMessage): string | undefined {
  // Node.js decodes fields as Latin-1; some servers send UTF-8.
  return REDIRECTS.has(statusCode) && headers.location !== undefined
    ? Buffer.from(headers.location, 'latin1').toString()
    : undefined
}

/**
 * Resolves a link. The user and the password of an address are sent to its own server only.
 * @returns undefined when it is not an address of HTTP
 */
export function targetOf(from: URL, link: string): URL | undefined {
  const to = URL.canParse(link, from.href) ? new URL(link, from) : undefined
  if (to === undefined || !/^https?:$/.test(to.protocol)) return undefined
  const isEncrypted = to.hostname === from.hostname && from.protocol === 'http:' && to.protocol === 'https:'
  if (to.username === '' && to.password === '' && (to.origin === from.origin || isEncrypted)) {
    to.username = from.username
    to.password = from.password
  }
  return to
}

/** Returns the beginning of a link, without secrets, for display. */
export function shownLink(link: string): string {
  return printable(maskSecrets(link.slice(0, 100)))
}
