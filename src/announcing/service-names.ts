/** Maximum length of the name of a service (RFC 6763 section 4.1.1), in bytes of UTF-8. */
const MAX_BYTES = 63
/** Bytes left free for a number, which a name gets that another program has already. */
const FOR_NUMBER = 6

/** A stream to be named. */
export interface NamedStream {
  /** Decoded. */
  readonly path: string
  /** Name of the stream or of its station; undefined: none. */
  readonly name: string | undefined
}

/**
 * Returns the names by which people choose among streams in a network, by path; they differ from each other. It is the name of the
 * stream, and its path where several have the same name, or none.
 * @param host name of the machine, for a stream at `/` without a name
 */
export function serviceNames(streams: readonly NamedStream[], host: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  const isShared = (name: string) => streams.filter((other) => other.name === name).length > 1
  for (const { path, name } of streams) {
    const place = path.slice(1)
    const parts = name === undefined ? [place || `streamserve on ${host}`] : [name, isShared(name) ? place : '']
    const wanted = label(parts.filter(Boolean).join(' – '))
    let unique = wanted
    for (let i = 2; taken.has(unique.toLowerCase()); i++) unique = `${wanted} ${i}`
    taken.add(unique.toLowerCase())
    names.set(path, unique)
  }
  return names
}

/** Dots would be read as the ends of labels. */
function label(text: string): string {
  let short = text.replaceAll(/[\p{Cc}\p{Cs}.\s]+/gu, ' ').trim()
  while (Buffer.byteLength(short) > MAX_BYTES - FOR_NUMBER) short = short.replace(/.$/su, '').trimEnd()
  return short || 'streamserve'
}
