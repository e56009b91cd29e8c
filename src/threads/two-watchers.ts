import type { FrameWatcher } from '../stream/frame-watcher.ts'

/** Combines two watchers of one stream. */
export function twoWatchers(one: FrameWatcher, other: FrameWatcher): FrameWatcher {
  return {
    get pauseMs() {
      return Math.min(one.pauseMs, other.pauseMs)
    },
    frameCame(bytes) {
      one.frameCame(bytes)
      other.frameCame(bytes)
    },
    chunkEnded() {
      one.chunkEnded()
      other.chunkEnded()
    },
    formatChanged() {
      one.formatChanged()
      other.formatChanged()
    },
    openingEnded() {
      one.openingEnded()
      other.openingEnded()
    },
    sourceRefused(why) {
      one.sourceRefused(why)
      other.sourceRefused(why)
    },
    streamFinished() {
      one.streamFinished()
      other.streamFinished()
    },
  }
}
