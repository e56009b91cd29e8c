import type { Emit, EpochMark, Frame, FrameFilter, RingView } from './frame-filter.ts'
import type { NumberedFormat } from './numbering.ts'
import type { PcmFormat } from './pcm-format.ts'

const NOTHING = Buffer.alloc(0)

/** A filter that becomes another one, chosen by the first bytes. */
export abstract class ChosenFilter implements FrameFilter {
  /** Undefined until it is known. */
  protected chosen: FrameFilter | undefined

  get contentType(): string | undefined {
    return this.chosen?.contentType
  }

  get skippedBytes(): number {
    return this.chosen?.skippedBytes ?? 0
  }

  get format(): string | undefined {
    return this.chosen?.format
  }

  get description(): string | undefined {
    return this.chosen?.description
  }

  get samples(): PcmFormat | undefined {
    return this.chosen?.samples
  }

  get complaint(): string | undefined {
    return this.chosen?.complaint
  }

  get refusal(): string | undefined {
    return this.chosen?.refusal
  }

  get mark(): EpochMark | undefined {
    return this.chosen?.mark
  }

  get numbering(): NumberedFormat | undefined {
    return this.chosen?.numbering
  }

  abstract push(chunk: Buffer, emit: Emit): void

  abstract end(emit: Emit): void

  preamble(at: number, ring: RingView, joining: boolean, missedFrom?: number): Buffer | null {
    return this.chosen?.preamble === undefined ? NOTHING : this.chosen.preamble(at, ring, joining, missedFrom)
  }

  silence(last: Frame): Frame | undefined {
    return this.chosen?.silence?.(last)
  }
}
