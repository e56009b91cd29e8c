import type { HttpFailure } from './cut-watch.ts'

/** How a browser plays HLS: by itself, or with hls.js. */
export type HlsWay = 'native' | 'library'

/** Properties of a browser that decide. */
export interface HlsBrowser {
  /** `navigator.vendor`: `Apple Computer, Inc.` for Safari, and for all browsers of iOS. */
  readonly vendor: string
  /** It plays HLS by itself. */
  readonly playsHls: boolean
  /** It has Media Source Extensions, which hls.js needs. */
  readonly hasMediaSource: boolean
}

/** Segments of MP3 are packed audio, which browsers do not play by themselves although they play HLS. */
const PACKED_MP3 = 'audio/mpeg'

/** Returns how a browser plays the HLS of a stream. @param contentType of its endless response */
export function hlsWay(browser: HlsBrowser, contentType: string): HlsWay {
  return isMadeForHls(browser, contentType) || !browser.hasMediaSource ? 'native' : 'library'
}

/** Whether a browser plays HLS better than an endless response. @param contentType of that; empty: not known */
export function prefersHls(browser: HlsBrowser, contentType: string): boolean {
  return contentType !== '' && isMadeForHls(browser, contentType)
}

/** Chromium plays HLS by itself, too, but not all of it. */
function isMadeForHls({ vendor, playsHls }: HlsBrowser, contentType: string): boolean {
  return vendor.startsWith('Apple') && playsHls && contentType !== PACKED_MP3
}

/** Returns a part of a sentence that says how the stream is played, and why. */
export function hlsText(failure: HttpFailure | undefined): string {
  if (failure === undefined) return 'plays in pieces (HLS)'
  const why = failure === 'cut' ? 'the connection was cut' : 'its sound did not arrive otherwise'
  return `plays in pieces (HLS), because ${why}`
}
