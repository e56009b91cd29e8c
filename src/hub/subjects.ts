/**
 * Subjects of the hub. NAME is the name of a stream, ORIGIN that of a program that publishes it, EDGE that of one that reads it.
 *
 * ```
 *   ss.a.NAME.ORIGIN    frames; see filters/hub/message.ts
 *   ss.m.NAME.ORIGIN    announcement: what the stream is, every 2 s
 *   ss.r.NAME           an edge asks the origins of a stream to send the last 1.5 s again
 *   ss.s.EDGE           what an edge hears, every 5 s
 * ```
 *
 * In NAME and the others, all but letters, digits, `-` and `_` is percent-encoded as UTF-8, with `%` itself: subjects are divided by
 * dots, and end at blanks.
 */

const PLAIN = /[\w-]/

/** Returns a name as a token of a subject. */
function token(name: string): string {
  return Array.from(Buffer.from(name), (byte) => {
    const character = String.fromCodePoint(byte)
    return PLAIN.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}

/** Returns the name of a token; undefined when it is none. */
export function nameOfToken(text: string): string | undefined {
  try {
    const name = decodeURIComponent(text)
    return name !== '' && token(name) === text ? name : undefined
  } catch {
    return undefined
  }
}

export const frameSubject = (name: string, origin: string): string => `ss.a.${token(name)}.${token(origin)}`
/** The frames of all origins of a stream. */
export const framesOf = (name: string): string => `ss.a.${token(name)}.*`
export const announcementSubject = (name: string, origin: string): string => `ss.m.${token(name)}.${token(origin)}`
export const ALL_ANNOUNCEMENTS = 'ss.m.*.*'
export const resendSubject = (name: string): string => `ss.r.${token(name)}`
export const edgeSubject = (edge: string): string => `ss.s.${token(edge)}`
export const ALL_EDGES = 'ss.s.*'

/** Returns stream and origin of the subject of frames or of an announcement; undefined when it is of another kind. */
export function placeOfSubject(subject: string): { readonly name: string; readonly origin: string } | undefined {
  const [, kind, first = '', second = '', ...more] = subject.split('.')
  const [name, origin] = [nameOfToken(first), nameOfToken(second)]
  const isPlace = (kind === 'a' || kind === 'm') && more.length === 0
  return isPlace && name !== undefined && origin !== undefined ? { name, origin } : undefined
}
