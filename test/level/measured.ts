import type { Test } from 'tap'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { createRaw } from '../../filters/raw.ts'
import { LevelMeters } from '../../src/level/level-meters.ts'
import { streamOptions } from '../../src/program/stream-options.ts'
import { PushSource } from '../../src/source/push.ts'
import { Stream } from '../../src/stream/stream.ts'
import type { StreamEvent } from '../../src/stream/stream-event.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'
import { streamPlan } from '../plans.ts'
import { until } from '../processes.ts'

/** A stream with a listener, whose samples are from the test. @param flags as on the command line */
export function openMeasured(t: Test, flags: readonly string[], createFilter: CreateFilter = createRaw) {
  const clock = createManualClock()
  const source = new PushSource('a test')
  const plan = streamPlan(...flags)
  const stream = new Stream(plan, source, streamOptions(plan, createFilter, source), clock, keepLog().logger)
  const events: StreamEvent[] = []
  stream.events.subscribe((event) => void events.push(event))
  t.teardown(() => stream.stop('the test is over'))
  stream.listenerCame()
  const begin = () => source.begin({ peer: { kind: 'publisher', name: 'a test' }, drained() {}, ended() {} })
  let feed = begin()
  const numberOf = (wanted: StreamEvent['kind']) => events.filter(({ kind }) => kind === wanted).length
  return {
    stream,
    clock,
    events,
    meters: new LevelMeters(clock),
    /** Gives bytes to the stream; resolved when they have been measured. */
    give: async (bytes: Buffer): Promise<void> => {
      const wanted = stream.counters.bytesIn + bytes.length
      feed.push(bytes)
      await until('the bytes are read', async () => {
        await clock.advance(1_000)
        return stream.counters.bytesIn === wanted
      })
    },
    /** Ends the opening, and begins the next one. */
    reopen: async (): Promise<void> => {
      const before = numberOf('source closed')
      feed.end()
      await until('the opening has ended', () => numberOf('source closed') > before)
      feed = begin()
    },
    ofSilence: () => events.filter(({ kind }) => kind.startsWith('silence')),
  }
}
