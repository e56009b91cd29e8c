import type { PcmEncoding } from '../../../filters/pcm-format.ts'

/**
 * Messages over the WebSocket of `?low`. Types only: the browser's side is built with them too.
 *
 *      page                        server
 *       |<-------------- LowFormat  |   once
 *       |<============== samples    |   binary: whole samples of every channel, as soon as they arrive
 *       |  any short text --------> |   returned unchanged, after all samples that were sent before
 */

/** The first message: the format of the samples. */
export interface LowFormat {
  readonly encoding: PcmEncoding
  /** Sample rate, in Hz. */
  readonly rate: number
  readonly channels: number
}
