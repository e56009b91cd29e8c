import t from 'tap'
import { encodeAnnouncement } from '../../src/hub/announcement.ts'
import { Announced } from '../../src/hub/edge/announced.ts'
import { announcementSubject } from '../../src/hub/subjects.ts'
import { createManualClock } from '../manual-clock.ts'
import { createMemoryHub } from './memory-link.ts'

function open() {
  const clock = createManualClock()
  const room = createMemoryHub(clock)
  const announced = new Announced(room.connect(), clock)
  const changes: string[][] = []
  announced.onChange(() => changes.push(announced.list().map(({ name }) => name)))
  const studio = room.connect()
  const announce = (name: string, origin: string, text = 'A name') => {
    const about = { name: text, description: undefined, genre: undefined, url: undefined }
    const announcement = { contentType: 'audio/mpeg', format: undefined, about, hidden: false, title: '' }
    studio.publish(announcementSubject(name, origin), encodeAnnouncement(announcement))
    return clock.advance(0)
  }
  const leave = (name: string, origin: string) => {
    studio.publish(announcementSubject(name, origin), encodeAnnouncement(undefined))
    return clock.advance(0)
  }
  return { clock, announced, changes, announce, leave, studio }
}

t.test('streams are listed while one of their origins announces them', async (t) => {
  const { clock, announced, changes, announce, leave } = open()
  await announce('radio', 'two')
  await announce('radio', 'one')
  await announce('grüße/a.b', 'one')
  t.strictSame(announced.list(), [
    { name: 'grüße/a.b', origins: ['one'] },
    { name: 'radio', origins: ['one', 'two'] },
  ])
  await leave('radio', 'one')
  await leave('grüße/a.b', 'one')
  await leave('grüße/a.b', 'one')
  await leave('radio', 'three')
  t.strictSame(announced.list(), [{ name: 'radio', origins: ['two'] }])
  await clock.advance(7_999)
  await announce('other', 'one')
  t.equal(announced.list().length, 2)
  await clock.advance(1)
  t.strictSame(announced.list(), [{ name: 'other', origins: ['one'] }])
  await clock.advance(8_000)
  t.strictSame(announced.list(), [])
  t.strictSame(changes, [['radio'], ['grüße/a.b', 'radio'], ['radio'], ['other', 'radio'], ['other'], []])
  t.equal(await clock.next(), undefined, 'no timer is left')
  announced.close()
})

t.test('the description is that of the last announcement', async (t) => {
  const { announced, announce, leave } = open()
  t.equal(announced.aboutOf('radio', 'one'), undefined)
  await announce('radio', 'one', 'First')
  const about = announced.aboutOf('radio', 'one')
  t.strictSame(about, { name: 'First' })
  await announce('radio', 'one', 'First')
  t.equal(announced.aboutOf('radio', 'one'), about, 'the same object')
  await announce('radio', 'one', 'Second')
  t.strictSame(announced.aboutOf('radio', 'one'), { name: 'Second' })
  t.equal(announced.aboutOf('radio', undefined), undefined)
  await leave('radio', 'one')
  t.equal(announced.aboutOf('radio', 'one'), undefined)
  announced.close()
})

t.test('what is announced takes no memory without bound, and may be anything', async (t) => {
  const { announced, announce, studio, clock, changes } = open()
  for (const subject of ['ss.m.a', 'ss.m.%zz.b', 'ss.m.a.', 'ss.m.a b.c', 'ss.m.a.b']) {
    studio.publish(subject, Buffer.from('rubbish'))
    studio.publish(subject, Buffer.from('[]'))
    studio.publish(subject, Buffer.alloc(100_000, '{'))
  }
  await clock.advance(0)
  t.strictSame(announced.list(), [])
  for (let i = 0; i < 5_000; i++) studio.publish(`ss.m.s${i}.one`, Buffer.from('{"type":"audio/mpeg"}'))
  for (let i = 0; i < 100; i++) studio.publish(`ss.m.s1.o${i}`, Buffer.from('{"type":"audio/mpeg"}'))
  await clock.advance(0)
  t.equal(announced.list().length, 4_096)
  t.equal(announced.list().find(({ name }) => name === 's1')?.origins.length, 16)
  await clock.advance(8_000)
  await announce('radio', 'one')
  t.strictSame(announced.list(), [{ name: 'radio', origins: ['one'] }])
  t.ok(changes.length < 10, 'changes of one moment are one')
  announced.close()
})
