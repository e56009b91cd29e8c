import type { FrameFilter, RingView } from '../../../filters/frame-filter.ts'
import type { HubMessage } from '../../../filters/hub/message.ts'

/** Frames of an origin, and how they are sent. */
export interface Sent {
  readonly ring: RingView
  readonly filter: FrameFilter
  /** Name of the built-in filter that is to read them. */
  readonly name: string
  /** Frames of one message. */
  readonly count?: number
  readonly epoch?: string
  /** Number of the first frame of the epoch. */
  readonly begin?: number
}

export const EPOCH = '0123456789ab'
const BEGAN_AT = 1_790_000_000_000

/** Returns the frames of a ring as messages, each with a key where a listener can begin. */
export function messagesOf({ ring, filter, name, count = 3, epoch = EPOCH, begin = 0 }: Sent): HubMessage[] {
  const messages: HubMessage[] = []
  let us = 0
  for (let seq = begin; seq < ring.next; seq += count) {
    const numbers = Array.from({ length: Math.min(count, ring.next - seq) }, (_, i) => seq + i)
    const frames = numbers.flatMap((at) => ring.at(at) ?? [])
    const preamble = filter.preamble === undefined ? Buffer.alloc(0) : filter.preamble(seq, ring, true)
    const { contentType = '', format = contentType } = filter
    const key = { filter: name, contentType, format, header: Buffer.alloc(0), preamble, title: `title ${seq}` }
    const sent = { epoch, epochBeganAt: BEGAN_AT, seq, us, sentAt: BEGAN_AT }
    messages.push({ ...sent, frames, key: preamble === null ? undefined : key })
    for (const { durationUs } of frames) us += durationUs
  }
  return messages
}
