/** Maximum length of a stream's path, in bytes of UTF-8: players and proxies refuse much longer ones. */
const MAX_BYTES = 1024

/**
 * Whether a path is below a directory or a wildcard: `/guests/*` and `/guests/` have `/guests/a/b` below them, but not `/guests/`.
 */
export function isBelow(above: string, path: string): boolean {
  const prefix = above.endsWith('*') ? above.slice(0, -1) : above
  return path.startsWith(prefix) && path.length > prefix.length
}

/**
 * Returns why a text is not the path of streams, in one line; undefined: it is one. A final slash is permitted, as in `/towers/`.
 * @param path decoded
 */
export function faultOfPath(path: string): string | undefined {
  if (!path.startsWith('/')) return 'begins with no slash'
  if (Buffer.byteLength(path) > MAX_BYTES) return `is longer than ${MAX_BYTES} bytes`
  if (/[\p{Cc}\p{Cs}]/u.test(path)) return /\p{Cc}/u.test(path) ? 'has a control character' : 'is not UTF-8'
  const segments = path.slice(1).split('/')
  if (segments.slice(0, -1).includes('')) return 'has an empty segment'
  if (segments.some((name) => name === '.' || name === '..')) return 'has a segment . or ..'
  return undefined
}
