import t from 'tap'
import { Emitter } from '../../src/system/emitter.ts'

t.test('every handler gets every event, in the order in which they subscribed', async (t) => {
  const events = new Emitter<number>()
  const got: string[] = []
  events.emit(0)
  const stop = events.subscribe((event) => void got.push(`a${event}`))
  events.subscribe((event) => void got.push(`b${event}`))
  events.emit(1)
  stop()
  stop()
  events.emit(2)
  t.strictSame(got, ['a1', 'b1', 'b2'])
})

t.test('a handler that is removed or added during an event leaves the others alone', async (t) => {
  const events = new Emitter<number>()
  const got: string[] = []
  const stop = events.subscribe((event) => {
    got.push(`a${event}`)
    stop()
    events.subscribe((later) => void got.push(`c${later}`))
  })
  events.subscribe((event) => void got.push(`b${event}`))
  events.emit(1)
  events.emit(2)
  t.strictSame(got, ['a1', 'b1', 'b2', 'c2'])
})
