import t from 'tap'
import type { ServedStream } from '../../src/stream/served-stream.ts'
import { systemClock } from '../../src/system/clock.ts'
import { openStreamAccess } from '../access/gates.ts'
import { keepLog } from '../kept-log.ts'
import { streamPlan } from '../plans.ts'

function never(): never {
  throw new Error('this is not needed')
}

function streamWith(flags: readonly string[], isFinished = false): ServedStream {
  return { plan: streamPlan('-demo', ...flags), isFinished } as unknown as ServedStream
}

function open() {
  return openStreamAccess(never, systemClock, keepLog().logger).access
}

t.test('asks nothing, and waits for nothing, when a stream is open to all', async (t) => {
  t.equal(open().ask(streamWith([]), 'listen', never), undefined)
})

t.test('refuses a stream that has ended, but not its pages', async (t) => {
  t.match(open().ask(streamWith([], true), 'listen', never), { status: 503, line: 'this stream has ended' })
  t.equal(open().ask(streamWith([], true), 'page', never), undefined)
})

t.test('a page and a probe take no place, and a page needs none', async (t) => {
  const access = open()
  const stream = streamWith(['-max-listeners', '1'])
  const ask = async (purpose: 'listen' | 'probe' | 'page') =>
    access.ask(stream, purpose, () => ({
      path: '/',
      query: new URLSearchParams(),
      target: '/',
      headers: new Map(),
      address: '192.0.2.1',
      network: '192.0.2.1',
    }))
  for (const purpose of ['page', 'probe', 'page', 'probe'] as const) t.notMatch(await ask(purpose), { status: Number })
  const listener = await ask('listen')
  t.match(await ask('probe'), { status: 503 })
  t.match(await ask('listen'), { status: 503 })
  t.notMatch(await ask('page'), { status: Number })
  if (listener !== undefined && 'leave' in listener) {
    listener.leave()
    listener.leave()
  }
  t.notMatch(await ask('listen'), { status: Number })
  t.match(await ask('listen'), { status: 503 }, 'a place is free once, however often it is given back')
})
