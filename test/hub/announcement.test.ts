import fc from 'fast-check'
import t from 'tap'
import { decodeAnnouncement, encodeAnnouncement } from '../../src/hub/announcement.ts'
import { noise } from '../filters/made-up.ts'
import { openPublished } from './published.ts'

const PCM = ['-pcm', 's16le:8000:1']
const NOTHING = { name: undefined, description: undefined, genre: undefined, url: undefined }

const line = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((text) => /^[^\p{C}\p{Z}]+$/u.test(text))
const known = fc.record({
  contentType: fc.constantFrom('audio/mpeg', 'audio/ogg; codecs=opus', 'application/octet-stream', undefined),
  format: fc.option(line, { nil: undefined }),
  about: fc.record({
    name: fc.option(line, { nil: undefined }),
    description: fc.option(line, { nil: undefined }),
    genre: fc.option(line, { nil: undefined }),
    url: fc.constantFrom('https://example.org/a?b=c', undefined),
  }),
  hidden: fc.boolean(),
  title: fc.option(line, { nil: '' }),
})

function read(fields: object) {
  return decodeAnnouncement(Buffer.from(JSON.stringify(fields)))
}

t.test('an announcement is read as it was written', async (t) => {
  fc.assert(
    fc.property(known, (announcement) => {
      t.same(decodeAnnouncement(encodeAnnouncement(announcement)), announcement)
    }),
  )
  t.equal(decodeAnnouncement(encodeAnnouncement(undefined)), 'gone')
})

t.test('no bytes make it throw, and texts are short lines', async (t) => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((all) => Buffer.from(all)),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .dictionary(
        fc.constantFrom('type', 'format', 'name', 'description', 'genre', 'url', 'hidden', 'title', 'gone'),
        fc.anything(),
      )
      .map((fields) => Buffer.from(JSON.stringify(fields) ?? '')),
  )
  fc.assert(
    fc.property(bytes, (payload) => {
      const one = decodeAnnouncement(payload)
      if (one === undefined || one === 'gone') return
      for (const text of [one.contentType, one.format, one.title, ...Object.values(one.about)]) {
        if (text === undefined) continue
        t.ok(text.length <= 600)
        t.notMatch(text, /[\p{Cc}\p{Zl}\p{Zp}]/u)
      }
    }),
  )
})

t.test('what is not valid is left out', async (t) => {
  t.match(read({ type: 'text/html', url: 'javascript:alert(1)' }), {
    contentType: undefined,
    about: { url: undefined },
  })
  t.match(read({ type: 'audio/mpeg\r\nx: y', url: 5 }), { contentType: undefined, about: { url: undefined } })
  t.match(read({ name: 'a\nb\u202e', title: 'x'.repeat(1000), hidden: 'yes' }), {
    about: { name: 'a b' },
    hidden: false,
    title: 'x'.repeat(300),
  })
  t.equal(read({ name: 'x'.repeat(20_000) }), undefined)
  t.equal(read([]), undefined)
  t.match(read({ gone: 1 }), { title: '' })
})

t.test('a stream is announced every 2 s, also while its source is away', async (t) => {
  const { announced, clock } = openPublished(t, {
    flags: [...PCM, '-name', 'Radio', '-genre', 'jazz', '-url', 'https://a.test/'],
  })
  await clock.advance(0)
  const expected = { name: 'Radio', genre: 'jazz', url: 'https://a.test/', hidden: false, title: '' }
  t.match(announced, [expected])
  await clock.advance(10_000)
  t.equal(announced.length, 6)
})

t.test('changes are announced at once, but at most every 250 ms', async (t) => {
  const { announced, clock, push, stream } = openPublished(t, { flags: PCM })
  await clock.advance(1_000)
  await push(noise(640, 1))
  t.match(announced.slice(1), [{ type: 'audio/wav', format: 'audio/wav (16 bit, 8000 Hz, mono)' }])
  await clock.advance(250)
  stream.setTitle('One')
  await clock.advance(0)
  t.match(announced.slice(2), [{ title: 'One' }])
  for (let i = 0; i < 100; i++) stream.setTitle(`Two ${i}`)
  stream.change({ ...stream.plan, about: { ...NOTHING, name: 'Radio 2' }, page: { ...stream.plan.page, hidden: true } })
  await clock.advance(249)
  t.equal(announced.length, 3)
  await clock.advance(1)
  t.match(announced.slice(3), [{ title: 'Two 99', name: 'Radio 2', hidden: true }])
  await clock.advance(2_000)
  t.equal(announced.length, 5)
})
