const MASK = '***'
/** Ends of names whose values are secrets: `pass`, `sign`, `token`, `listen-key`. */
const SECRET = /(?:pass(?:w(?:or)?d)?|pwd|sign(?:ature)?|token|key|secret|auth)$/i
/** User and password of an address. */
const USER_INFO = /^(\w+:)?\/\/[^/?#@]*@/

/**
 * Hides the secrets in the query of a request or a referring page, and a user with a password in front of its host. It is made for
 * each response, so it is cheaper than `maskSecrets`, which looks for secrets of all forms.
 * @param address `/path?query`, or an absolute one
 */
export function maskQuery(address: string): string {
  const plain = address.includes('@') ? address.replace(USER_INFO, `$1//${MASK}@`) : address
  const start = plain.indexOf('?')
  if (start < 0) return plain
  const masked = plain
    .slice(start + 1)
    .split('&')
    .map(maskParameter)
  return `${plain.slice(0, start)}?${masked.join('&')}`
}

function maskParameter(parameter: string): string {
  const at = parameter.indexOf('=')
  return at >= 0 && SECRET.test(decoded(parameter.slice(0, at))) ? `${parameter.slice(0, at)}=${MASK}` : parameter
}

/** A name may be percent-encoded, as for the program that reads the query. */
function decoded(name: string): string {
  return name.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
