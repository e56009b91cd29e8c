import t from 'tap'
import { attachment, clipName } from '../../../src/endpoints/clip/clip-name.ts'

const NOON = Date.parse('2026-05-31T12:00:00.9Z')

t.test('a clip has the name of its stream and the time of its beginning', async (t) => {
  t.equal(clipName('/radio', NOON, '.mp3'), 'radio 2026-05-31T12-00-00Z.mp3')
  t.equal(clipName('/radio.mp3', NOON, '.mp3'), 'radio 2026-05-31T12-00-00Z.mp3')
  t.equal(clipName('/news/en', NOON, '.opus'), 'news-en 2026-05-31T12-00-00Z.opus')
  t.equal(clipName('/', NOON, '.wav'), 'stream 2026-05-31T12-00-00Z.wav')
})

t.test('a name is safe for file systems and header fields', async (t) => {
  for (const path of [
    '/../../etc/passwd',
    '/.hidden',
    '/a\r\nSet-Cookie: x',
    '/a"b',
    '/a\\b',
    '/\udcff\u202e',
    '/CON:',
  ])
    t.notMatch(clipName(path, NOON, '.mp3'), /^\.|[/\\:"\r\n\u202e]|[\udc80-\udcff]/, path)
  t.equal(
    attachment(clipName('/ä (1)', NOON, '.mp3')),
    [
      'attachment; filename="___1__2026-05-31T12-00-00Z.mp3"; ',
      "filename*=UTF-8''%C3%A4%20%281%29%202026-05-31T12-00-00Z.mp3",
    ].join(''),
  )
})
