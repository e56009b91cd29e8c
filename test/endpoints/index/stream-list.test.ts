import t from 'tap'
import { streamList } from '../../../src/endpoints/index/index-page.ts'

t.test('names all streams when there are few', (t) => {
  t.equal(streamList(['/cd', '/radio.mp3']), 'there is no stream at this path; streams: /cd, /radio.mp3')
  t.end()
})

t.test('names the first 20 streams, and the number of the others', (t) => {
  const paths = Array.from({ length: 123 }, (_, at) => `/${at}`)
  const text = streamList(paths)
  t.match(text, /: \/0, \/1, .*, \/19 and 103 more$/)
  t.end()
})

t.test('names no streams when there are none', (t) => {
  t.equal(streamList([]), 'there is no stream at this path')
  t.end()
})

t.test('is one line of ASCII for any paths', (t) => {
  t.match(streamList(['/new\nline', '/Zürich ♫', '/\udc80']), /^[\x20-\x7e]+$/)
  t.end()
})
