import { maskSecrets } from '../../text/mask-secrets.ts'
import { printable } from '../../text/printable.ts'

/** Maximum length of an address in a message, in characters. */
const MAX_LENGTH = 200

/** Returns an address without its password and without secrets in its query, for display. */
export function shownUrl(url: string | URL): string {
  const shown = new URL(url)
  shown.password = ''
  const text = printable(maskSecrets(shown.href))
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 3)}...` : text
}
