/**
 * Preloaded into origins and edges: the first SIGUSR2 makes it note when frames of the benches enter a ring, and, at an edge, when they
 * were published; the second one makes it print that, as lines of `stamp ring published` in milliseconds, and end with `noted`.
 */

import type { HubMessage } from '../filters/hub/message.ts'
import { OriginChoice } from '../src/hub/edge/origin-choice.ts'
import { Ring } from '../src/ring/ring.ts'
import { stampOf } from './frames.ts'

const NS_PER_MS = 1e6

/** Times of frames by their stamps, which are unique; all of them by the monotonic clock of the machine. */
const noted = new Map<bigint, { ring: number; published: number }>()
const published = new Map<bigint, number>()
let isNoting = false
/** What the time of day has to be less by. */
const dayMs = Date.now() - Number(process.hrtime.bigint()) / NS_PER_MS

const push = Object.getOwnPropertyDescriptor(Ring.prototype, 'push')?.value as Ring['push']
Ring.prototype.push = function (this: Ring, frame) {
  push.call(this, frame)
  const stamp = isNoting ? stampOf(frame.bytes) : undefined
  if (stamp === undefined) return
  const ring = Number(process.hrtime.bigint()) / NS_PER_MS
  noted.set(stamp, { ring, published: published.get(stamp) ?? 0 })
}

const take = Object.getOwnPropertyDescriptor(OriginChoice.prototype, 'take')?.value as OriginChoice['take']
OriginChoice.prototype.take = function (this: OriginChoice, origin: string, message: HubMessage, payload: Buffer) {
  if (isNoting) {
    for (const { bytes } of message.frames) {
      const stamp = stampOf(bytes)
      if (stamp !== undefined && !published.has(stamp)) published.set(stamp, message.sentAt - dayMs)
    }
  }
  take.call(this, origin, message, payload)
}

process.on('SIGUSR2', () => {
  isNoting = !isNoting
  if (isNoting) return console.log('noting')
  for (const [stamp, times] of noted) console.log(`${stamp} ${times.ring} ${times.published}`)
  console.log('noted')
  noted.clear()
  published.clear()
})
