/**
 * Answers a Range header when the resource is an endless stream (RFC 9110, section 14.2).
 *
 * A server may ignore any Range, and for a live stream that is nearly always right: bytes have no address in it. Chromium
 * asks for `bytes=0-` and plays the 200. Safari first asks for `bytes=0-1`, and plays an endless WAV only if that is
 * answered by 206 with two bytes; a 200 there leaves a second, hidden listener behind as well.
 *
 * The length in that answer is `*`, unknown (section 14.4). WebKit (ParsedContentRange, WebCoreAVFResourceLoader) reads it
 * as unlimited, then asks for everything from byte 0 on, by `bytes=0-` or up to some huge number, and takes a 200 for it. A
 * made-up length would become the end of the sound: the 2^30 bytes that icecast-kh claims are an hour and 41 minutes of CD.
 */

/** Response to a request: 200 and the stream, or 206 and the first bytes from a frame boundary on, then the end. */
export type RangeAnswer = { readonly kind: 'all' } | { readonly kind: 'probe'; readonly bytes: number }

/** Maximum probe, in bytes: more than any player requests as a probe, and too little to be heard. */
const MAX_PROBE_BYTES = 65_536

const FROM_START = /^bytes=0-(\d+)$/i

/**
 * Decides how to answer a GET; with other methods a Range means nothing.
 * @param header the value of the Range header; undefined when there is none.
 */
export function answerRange(header: string | undefined): RangeAnswer {
  const [, last] = FROM_START.exec(header ?? '') ?? []
  const bytes = last === undefined ? Number.POSITIVE_INFINITY : Number(last) + 1
  return bytes <= MAX_PROBE_BYTES ? { kind: 'probe', bytes } : { kind: 'all' }
}
