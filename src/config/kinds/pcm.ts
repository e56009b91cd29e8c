import { type PcmFormat, PcmFormatError, parsePcmFormat } from '../../../filters/pcm-format.ts'
import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

/** A layout of raw samples: `cd`, `dat`, or encoding, rate in hertz and channels, as in `s16le:44100:2`. */
export const pcm: Kind<PcmFormat> = {
  name: 'pcm',
  placeholder: 'FORMAT',
  parse(text) {
    try {
      return parsePcmFormat(text)
    } catch (error) {
      if (error instanceof PcmFormatError) throw new RefusedValue(error.message, { cause: error })
      throw error
    }
  },
}
