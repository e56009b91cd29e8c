import type { PcmEncoding } from '../../filters/pcm-format.ts'

/**
 * What goes over the WebSocket of `?low`. Types only: the browser's side is built with them too.
 *
 *      page                        server
 *       |<-------------- LowFormat  |   once
 *       |<============== samples    |   binary: whole samples of every channel, as soon as they have come
 *       |  any short text --------> |   and the same text comes back, behind all samples that were sent before
 */

/** The first message: what the samples are. */
export interface LowFormat {
  readonly encoding: PcmEncoding
  /** Hz. */
  readonly rate: number
  readonly channels: number
}
