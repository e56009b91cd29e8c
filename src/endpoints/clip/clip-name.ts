/** Characters of a name that every file system and every form of the header field takes as they are. */
const PLAIN = /[^A-Za-z0-9._-]/g
/** Characters that a file system does not take, or that make a path of a name; half of a pair stands for a byte that is not UTF-8. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}/\\:*?"<>|]/gu
/** Characters of RFC 8187, section 3.2.1, that `encodeURIComponent` leaves as they are and that it does not permit. */
const NOT_ATTRIBUTE = /['()*]/g
const NAMELESS = 'stream'

/**
 * Returns the name of a clip: that of its stream and the time of its beginning in UTC.
 * @param path decoded path of the stream @param from system time, in milliseconds
 */
export function clipName(path: string, from: number, extension: string): string {
  const time = `${new Date(from).toISOString().slice(0, 19).replaceAll(':', '-')}Z`
  const own = path.endsWith(extension) ? path.slice(0, -extension.length) : path
  const stream = own.slice(1).replaceAll('/', '-').replace(UNSAFE, '_').replace(/^\.+/, '_')
  return `${stream || NAMELESS} ${time}${extension}`
}

/** Returns the value of Content-Disposition that makes browsers save a response under a name (RFC 6266). */
export function attachment(name: string): string {
  const plain = name.replace(PLAIN, '_')
  const encoded = encodeURIComponent(name).replace(NOT_ATTRIBUTE, (char) => `%${char.charCodeAt(0).toString(16)}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
