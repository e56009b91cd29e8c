import t from 'tap'
import { createAudibleTitles } from '../../../src/web/player/audible-titles.ts'
import { createHeardDelay } from '../../../src/web/player/heard-delay.ts'

t.test('keeps the last known delay while a started player does not know it', async (t) => {
  const heard = createHeardDelay()
  t.equal(heard.update(undefined, true), undefined)
  t.equal(heard.update(7000, true), 7000)
  t.equal(heard.update(undefined, true), 7000)
  t.equal(heard.update(6500, true), 6500)
})

t.test('forgets the delay when the player is stopped or goes elsewhere', async (t) => {
  const heard = createHeardDelay()
  heard.update(7000, true)
  t.equal(heard.update(undefined, false), undefined)
  t.equal(heard.update(undefined, true), undefined, 'a start later than that does not know it either')
  heard.update(7000, true)
  heard.forget()
  t.equal(heard.update(undefined, true), undefined)
})

t.test('knows the delay at which a stopped player continues', async (t) => {
  t.equal(createHeardDelay().update(60_000, false), 60_000)
})

t.test('does not show the title of sound that is not heard yet while the delay is not known', async (t) => {
  const [titles, heard] = [createAudibleTitles(), createHeardDelay()]
  const titleAt = (newest: number, behindMs: number | undefined, isStarted = true) => {
    const delayMs = heard.update(behindMs, isStarted)
    return titles.at(delayMs === undefined ? undefined : newest - delayMs)
  }
  const time = { line: 'a', newest: 0, start: { frame: 0, at: 0 }, frameMs: 26, burstMs: 2000 }
  const news = { state: 'live', format: '', contentType: '', time } as const
  titles.update({ ...news, title: { text: 'First', from: 0 } })
  t.equal(titleAt(9000, 7000), 'First')
  titles.update({ ...news, title: { text: 'Second', from: 9500 } })
  t.equal(titleAt(10_000, undefined), 'First', 'the events are away')
  t.equal(titleAt(17_000, undefined), 'Second', 'its sound is heard, also without events')
  t.equal(titleAt(11_000, 7000), 'First')
  t.equal(titleAt(11_000, undefined, false), 'Second', 'a stopped player shows the newest')
})
