import t from 'tap'
import { Ring } from '../../src/ring/ring.ts'
import type { FrameWatcher } from '../../src/stream/frame-watcher.ts'
import { readPauseMs } from '../../src/stream/read-pause.ts'

function nothing(): void {}

function watcherOf(pauseMs: number): FrameWatcher {
  return {
    frameCame: nothing,
    chunkEnded: nothing,
    formatChanged: nothing,
    openingEnded: nothing,
    sourceRefused: nothing,
    streamFinished: nothing,
    pauseMs,
  }
}

/** A ring with this number of bytes, one second by default. */
function ringOf(bytes: number, durationUs = 1_000_000): Ring {
  const ring = new Ring({ frames: 10 })
  ring.push({ bytes: Buffer.alloc(bytes), durationUs })
  return ring
}

t.test('a source rests until the next round, but for no more than fits into its pipe', async (t) => {
  t.equal(readPauseMs({ ring: ringOf(16_000), watcher: watcherOf(200) }), 200)
  t.equal(readPauseMs({ ring: ringOf(163_840), watcher: watcherOf(200) }), 100)
})

t.test('it is read on where nobody is served, a round is near, or its rate is not known', async (t) => {
  t.equal(readPauseMs({ ring: ringOf(16_000), watcher: undefined }), 0)
  t.equal(readPauseMs({ ring: ringOf(16_000), watcher: watcherOf(19) }), 0)
  t.equal(readPauseMs({ ring: ringOf(16_000, 0), watcher: watcherOf(200) }), 0)
})
