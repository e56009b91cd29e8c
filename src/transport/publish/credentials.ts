import type { Credentials } from '../../access/logins.ts'
import { decodeText } from '../../text/decode-text.ts'

/**
 * Reads the value of `Authorization` (RFC 7617). Clients encode user and password in UTF-8, some in Latin-1.
 * @returns undefined without valid Basic credentials
 */
export function credentialsOf(value: string | undefined): Credentials | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/]+=*) *$/i.exec(value ?? '') ?? []
  if (encoded === undefined) return undefined
  const text = decodeText(Buffer.from(encoded, 'base64'), 'latin1')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}
