import t, { type Test } from 'tap'
import { createWav } from '../../filters/wav/wav.ts'
import { PushSource } from '../../src/source/push.ts'
import { Stream, type StreamOptions } from '../../src/stream/stream.ts'
import type { StreamEvent } from '../../src/stream/stream-event.ts'
import { systemClock } from '../../src/system/clock.ts'
import { keepLog } from '../kept-log.ts'
import { streamPlan } from '../plans.ts'
import { until } from '../processes.ts'

const LINE = 'not a frame: '
/** Frames are the letter F; all other bytes are skipped. */
const OPTIONS: StreamOptions = {
  filterName: 'letters',
  createFilter: () => {
    const filter = {
      contentType: 'audio/letters',
      description: 'letters',
      skippedBytes: 0,
      push(chunk: Buffer, emit: (frame: { bytes: Buffer; durationUs: number }) => void) {
        for (let at = 0; at < chunk.length; at++) {
          const bytes = chunk.subarray(at, at + 1)
          if (String(bytes) === 'F') emit({ bytes, durationUs: 0 })
          else filter.skippedBytes++
        }
      },
      end() {},
    }
    return filter
  },
  filterOptions: { frameBytes: undefined, blockBytes: 1, byteUs: 0, keepTail: false, silentByte: 0, splice: true },
  contentType: undefined,
  headerBytes: 0,
  sourceBuffer: undefined,
  closeIdle: false,
  ownTitles: true,
  fill: 'nothing',
  inTime: false,
  aheadMs: 0,
  supervision: { reopen: true, bytesPerSecond: 0, maxQuietMs: 0, warm: false },
}

function open(t: Test, changes: Partial<StreamOptions> = {}) {
  const source = new PushSource('a test')
  const stream = new Stream(streamPlan('-demo'), source, { ...OPTIONS, ...changes }, systemClock, keepLog().logger)
  const events: StreamEvent[] = []
  stream.events.subscribe((event) => void events.push(event))
  t.teardown(() => stream.stop('the test is over'))
  const publish = (text: string) => {
    const peer = { kind: 'publisher', name: 'a test' } as const
    const feed = source.begin({ peer, drained() {}, ended() {} })
    feed.push(Buffer.from(text))
    feed.end()
  }
  const has = (kind: StreamEvent['kind'], count: number) =>
    until(`${count} events: ${kind}`, () => events.filter((event) => event.kind === kind).length >= count)
  return { stream, events, publish, has }
}

/** A filter that skips all bytes, and takes five of them back at its end. */
function createUndecided(): ReturnType<StreamOptions['createFilter']> {
  const filter = {
    contentType: 'audio/x',
    skippedBytes: 0,
    push(chunk: Buffer) {
      filter.skippedBytes += chunk.length
    },
    end() {
      filter.skippedBytes -= 5
    },
  }
  return filter
}

t.test('counters grow over all openings of a source, and are never reset', async (t) => {
  const { stream, publish, has } = open(t)
  stream.listenerCame()
  publish(`${LINE}FFF`)
  await has('source closed', 1)
  t.match(stream.totals(), { bytesIn: 16, invalidBytes: 13, joins: 1, openings: 1, failures: 0 })
  publish('FF')
  await has('source closed', 2)
  t.match(stream.totals(), { bytesIn: 18, invalidBytes: 13, openings: 2, failures: 0 })
  publish('no')
  await has('source closed', 3)
  stream.listenerLeft()
  stream.listenerCame()
  t.match(stream.totals(), { bytesIn: 20, invalidBytes: 15, joins: 2, openings: 3, failures: 1 })
  t.match(stream.statistics(), { listeners: 1, bytesIn: 20, invalidBytes: 15, bytesOut: 0 })
})

t.test('invalid bytes do not decrease when a filter takes skipped bytes back', async (t) => {
  const { stream, publish, has } = open(t, { createFilter: createUndecided })
  stream.start()
  publish('12345678')
  await has('source closed', 1)
  t.equal(stream.totals().invalidBytes, 8)
  publish('1234567')
  await has('source closed', 2)
  t.equal(stream.totals().invalidBytes, 15)
})

t.test('a stream emits the events of its source, its format and its titles', async (t) => {
  const { stream, events, publish, has } = open(t)
  stream.start()
  await has('source waiting', 1)
  publish('FFF')
  await has('source closed', 1)
  stream.setTitle('One')
  stream.setTitle('One')
  t.match(events.slice(0, 5), [
    { kind: 'source waiting', source: 'a test', waitsFor: 'publisher' },
    { kind: 'source opened', source: 'a test', isFolded: false },
    { kind: 'source on air', format: 'letters' },
    { kind: 'format found', format: 'letters', contentType: 'audio/letters' },
    { kind: 'source closed', source: 'a test', bytes: 3, reason: 'end of input', failed: false },
  ])
  t.equal(events.filter(({ kind }) => kind === 'title changed').length, 1)
})

t.test('a source that fails is reported with its reason', async (t) => {
  const { stream, publish, has, events } = open(t, { createFilter: createWav })
  stream.start()
  publish('no samples at all, however long it is read')
  await has('source closed', 1)
  t.match(
    events.find(({ kind }) => kind === 'source closed'),
    { failed: true, reason: /./ },
  )
})
