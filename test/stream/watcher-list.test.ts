import t from 'tap'
import type { FrameWatcher } from '../../src/stream/frame-watcher.ts'
import { WatcherList } from '../../src/stream/watcher-list.ts'

/** A watcher that records its calls, each with its name, in `calls`. */
function watcherOf(name: string, calls: string[], pauseMs = 0): FrameWatcher {
  const record = (call: string) => () => void calls.push(`${name} ${call}`)
  return {
    pauseMs,
    frameCame: (bytes) => void calls.push(`${name} frame ${bytes}`),
    chunkEnded: record('chunk ended'),
    formatChanged: record('format changed'),
    openingEnded: record('opening ended'),
    sourceRefused: (why) => void calls.push(`${name} refused ${why}`),
    streamFinished: record('finished'),
  }
}

t.test('every watcher is notified of every event, in order', async (t) => {
  const calls: string[] = []
  const list = new WatcherList()
  list.add(watcherOf('b', calls), 'last')
  list.add(watcherOf('c', calls), 'last')
  list.add(watcherOf('a', calls), 'first')
  list.all.frameCame(7)
  list.all.chunkEnded()
  list.all.formatChanged()
  list.all.openingEnded()
  list.all.sourceRefused('x')
  list.all.streamFinished()
  const events = ['frame 7', 'chunk ended', 'format changed', 'opening ended', 'refused x', 'finished']
  t.strictSame(
    calls,
    events.flatMap((event) => ['a', 'b', 'c'].map((name) => `${name} ${event}`)),
  )
})

t.test('a single watcher is called directly, and none is allowed', async (t) => {
  const list = new WatcherList()
  const watcher = watcherOf('a', [])
  list.all.frameCame(1)
  t.equal(list.all.pauseMs, 0)
  const stop = list.add(watcher, 'last')
  t.equal(list.all, watcher)
  stop()
  t.not(list.all, watcher)
  stop()
  list.all.frameCame(1)
})

t.test('reading pauses for as long as every watcher can wait', async (t) => {
  const list = new WatcherList()
  list.add(watcherOf('a', [], 80), 'last')
  t.equal(list.all.pauseMs, 80)
  const stop = list.add(watcherOf('b', [], 30), 'last')
  list.add(watcherOf('c', [], 50), 'last')
  t.equal(list.all.pauseMs, 30)
  stop()
  t.equal(list.all.pauseMs, 50)
})

t.test('a watcher that is removed during a call is not notified any more, and the others are', async (t) => {
  const calls: string[] = []
  const list = new WatcherList()
  const stops: (() => void)[] = []
  const removing = (name: string, at: number): FrameWatcher => ({
    ...watcherOf(name, calls),
    frameCame(bytes) {
      calls.push(`${name} frame ${bytes}`)
      stops[at]?.()
    },
  })
  // The first one removes the second one, the third one itself.
  stops.push(list.add(removing('a', 1), 'last'))
  stops.push(list.add(watcherOf('b', calls), 'last'))
  stops.push(list.add(removing('c', 2), 'last'))
  stops.push(list.add(watcherOf('d', calls), 'last'))
  list.all.frameCame(1)
  list.all.frameCame(2)
  t.strictSame(calls, ['a frame 1', 'c frame 1', 'd frame 1', 'a frame 2', 'd frame 2'])
})

t.test('a watcher that is added during a call is notified from the next event on', async (t) => {
  const calls: string[] = []
  const list = new WatcherList()
  list.add(
    {
      ...watcherOf('a', calls),
      frameCame(bytes) {
        calls.push(`a frame ${bytes}`)
        if (bytes === 1) list.add(watcherOf('b', calls), 'last')
      },
    },
    'last',
  )
  list.add(watcherOf('c', calls), 'last')
  list.all.frameCame(1)
  list.all.frameCame(2)
  t.strictSame(calls, ['a frame 1', 'c frame 1', 'a frame 2', 'c frame 2', 'b frame 2'])
})
