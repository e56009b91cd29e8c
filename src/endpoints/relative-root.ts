/**
 * Returns the relative reference from a request's path to the root of this server: `./` from `/cd`, `../` from `/player/cd`.
 * Pages use it in all references, so that they work behind a proxy that adds a path in front, whether or not it reports it.
 * @param target as sent: an encoded slash is not a separator.
 */
export function relativeRoot(target: string): string {
  const [path = ''] = target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)
  const depth = path.split('/').length - 2
  return depth > 0 ? '../'.repeat(depth) : './'
}
