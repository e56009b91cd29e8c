import type { HubFrame } from '../../../filters/hub/message.ts'
import type { Stream } from '../../stream/stream.ts'
import { inOneLine } from '../../text/in-one-line.ts'

/** Returns frames of a ring, each with the title that begins there: titles of the source are not used if the stream has others. */
export function titledFrames(
  { ring, titles }: Pick<Stream, 'ring' | 'titles'>,
  from: number,
  to: number,
): readonly HubFrame[] {
  const hasTitle = (titles.newest?.from ?? -1) >= from
  const frames: HubFrame[] = []
  for (let seq = from; seq < to; seq++) {
    const frame = ring.at(seq)
    if (frame === undefined) continue
    const found = hasTitle ? titles.at(seq) : undefined
    const title = found?.from === seq ? inOneLine(found.text) : undefined
    const { bytes, durationUs } = frame
    frames.push(title === frame.title ? frame : { bytes, durationUs, title })
  }
  return frames
}
