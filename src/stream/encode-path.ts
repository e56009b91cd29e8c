const NOT_UTF8 = /([\udc80-\udcff])/u

/** Encodes a decoded path, such as that of a stream, for a URL. Bytes that are not UTF-8 are escaped as in byte-path.ts. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeName).join('/')
}

function encodeName(name: string): string {
  return name
    .split(NOT_UTF8)
    .map((text) =>
      NOT_UTF8.test(text) ? `%${(text.charCodeAt(0) & 0xff).toString(16).toUpperCase()}` : encodeURIComponent(text),
    )
    .join('')
}
