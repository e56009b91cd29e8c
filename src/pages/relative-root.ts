/**
 * The way from a request's path to the root of this server, as a relative reference: `./` from `/cd`, `../` from `/player/cd`.
 * Pages refer to everything by it, so that they work behind a proxy that adds a path in front, whether or not it reports it.
 * @param target as sent: an encoded slash is not a separator.
 */
export function relativeRoot(target: string): string {
  const [path = ''] = target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)
  const depth = path.split('/').length - 2
  return depth > 0 ? '../'.repeat(depth) : './'
}
