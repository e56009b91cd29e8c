import fc from 'fast-check'
import t from 'tap'
import { createBlocks } from '../../../src/transport/icy/icy-block.ts'

/** Text of a block. */
function textOf(title: string, url?: string): string {
  const block = createBlocks(url)({ from: 0, text: title })
  t.equal(block.length, 1 + 16 * (block[0] ?? 0))
  return block.subarray(1).toString().replace(/\0*$/, '')
}

/** Title parsers of players: libavformat/http.c, VLC's access/http.c, MPD's IcyMetaDataParser, ExoPlayer. */
const players: Readonly<Record<string, (text: string) => string | undefined>> = {
  ffmpeg(text) {
    const value = text.indexOf("='")
    return text.slice(value + 2, text.indexOf("';", value))
  },
  vlc(text) {
    const value = text.indexOf('StreamTitle=') + 13
    return text.slice(value, text.indexOf("';", value))
  },
  mpd(text) {
    const value = text.indexOf("'") + 1
    let end = text.indexOf("'", value)
    while (text[end + 1] !== ';') end = text.indexOf("'", end + 1)
    return text.slice(value, end)
  },
  exoPlayer: (text) => /(.+?)='(.*?)';/s.exec(text)?.[2],
}

t.test('writes a block as length in units of 16 bytes, title, and zeros to the end', async (t) => {
  const block = createBlocks(undefined)({ from: 7, text: 'A' })
  t.same(block, Buffer.from(`\x01StreamTitle='A';`.padEnd(17, '\0'), 'latin1'))
  t.equal(createBlocks(undefined)({ from: 7, text: 'AB' })[0], 2)
})

t.test('adds the address of the page to each title', async (t) => {
  t.equal(textOf('A', 'http://radio.example/'), "StreamTitle='A';StreamUrl='http://radio.example/';")
})

t.test('makes a block once for each title', async (t) => {
  const blockOf = createBlocks(undefined)
  const title = { from: 0, text: 'A' }
  t.equal(blockOf(title), blockOf(title))
  t.not(blockOf(title), blockOf({ from: 1, text: 'A' }))
})

t.test('does not change titles of any script', async (t) => {
  for (const title of [
    'Motörhead – Ace',
    'Кино - Группа крови',
    '王菲 - 紅豆',
    '🎸🔥 - 👩‍🎤',
    '',
    `Don't "stop"`,
    'a; b',
    "rock'n'roll'",
  ]) {
    t.equal(textOf(title), `StreamTitle='${title}';`)
    for (const [name, read] of Object.entries(players)) t.equal(read(textOf(title)), title, name)
  }
})

t.test('replaces only characters that would end the title', async (t) => {
  t.equal(textOf("a';StreamUrl='b"), "StreamTitle='a\u2019;StreamUrl='b';")
  t.equal(textOf(';a'), "StreamTitle=' ;a';")
})

t.test('every player finds the whole title, for any text', async (t) => {
  const parts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom("'", ';', "';", "='", '"', '\\', 'ж', '🎸'))
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 30 }), (some) => {
      const title = some.join('').replaceAll(/\p{Cc}/gu, '')
      const shown = title.replaceAll("';", '\u2019;').replace(/^;/, ' ;')
      for (const url of [undefined, 'http://radio.example/']) {
        const text = textOf(title, url)
        for (const [name, read] of Object.entries(players)) t.equal(read(text), shown, name)
      }
    }),
  )
})

t.test('cuts a title that is too long at a whole character', async (t) => {
  for (const character of ['a', 'é', '王', '🎸']) {
    for (let shift = 0; shift < 4; shift++) {
      const title = 'x'.repeat(shift) + character.repeat(5000)
      const text = textOf(title)
      const bytes = Buffer.byteLength(text)
      t.ok(bytes <= 255 * 16 && bytes > 255 * 16 - 4, `${bytes} bytes`)
      t.ok(title.startsWith(text.slice(13, -2)))
    }
  }
})
