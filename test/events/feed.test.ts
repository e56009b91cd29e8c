import t from 'tap'
import { Feed, type FeedSubscriber } from '../../src/events/feed.ts'
import { keepEvents } from './kept-events.ts'

function subscriber(waitingBytes = 0) {
  const state = { sent: [] as string[], hasEnded: false, waitingBytes }
  const own: FeedSubscriber = {
    network: 'one',
    isPublic: false,
    streams: new Set(),
    lastId: undefined,
    get waitingBytes() {
      return state.waitingBytes
    },
    send: (lines) => void state.sent.push(lines),
    end: () => {
      state.hasEnded = true
    },
  }
  return { own, state }
}

t.test('sends comments while nothing happens, and stops with the last subscriber', async (t) => {
  const { clock, log } = keepEvents()
  const feed = new Feed(log, clock)
  const { own, state } = subscriber()
  t.ok(feed.add(own, () => {}))
  await clock.advance(31_000)
  t.strictSame(state.sent, [':\n\n', ':\n\n'])
  feed.remove(own)
  t.equal(await clock.next(), undefined, 'without a timer')
})

t.test('disconnects a subscriber that is too far behind, and queues nothing for it', async (t) => {
  const { clock, log, happens } = keepEvents()
  const feed = new Feed(log, clock)
  const [slow, other] = [subscriber(), subscriber()]
  for (const { own } of [slow, other]) feed.add(own, () => {})
  for (let i = 0; i < 10_000; i++) {
    happens({ kind: 'title changed', title: 'x'.repeat(200) })
    slow.state.waitingBytes = slow.state.sent.join('').length
    if (slow.state.hasEnded) break
  }
  t.ok(slow.state.hasEnded)
  t.ok(slow.state.waitingBytes < 600_000)
  const { length } = slow.state.sent
  happens({ kind: 'title changed', title: 'next' })
  t.equal(slow.state.sent.length, length)
  t.match(other.state.sent.at(-1), /"title":"next"/)
  feed.end()
  t.ok(other.state.hasEnded)
  t.notOk(feed.add(subscriber().own, () => {}))
})
