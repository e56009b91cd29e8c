import fc from 'fast-check'
import t from 'tap'
import { IcySplitter } from '../../../src/source/relay/icy-splitter.ts'

/** A block of metadata. */
function block(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text as string)
  const units = Math.ceil(bytes.length / 16)
  return Buffer.concat([Buffer.from([units]), bytes, Buffer.alloc(units * 16 - bytes.length)])
}

/** What comes out of pieces of input: the bytes, and the titles with the number of bytes before them. */
function split(pieces: readonly Buffer[], interval: number, charset = 'windows-1252') {
  const splitter = new IcySplitter(interval, charset)
  const sound: Buffer[] = []
  const titles: [number, string][] = []
  let bytes = 0
  for (const piece of pieces) {
    for (const part of splitter.split(piece)) {
      const title = splitter.takeTitle()
      if (title !== undefined) titles.push([bytes, title])
      sound.push(part)
      bytes += part.length
    }
  }
  return { sound: Buffer.concat(sound), titles }
}

function titleOf(text: string | Buffer, charset?: string): string | undefined {
  return split([Buffer.concat([Buffer.from('s'), block(text), Buffer.from('s')])], 1, charset).titles[0]?.[1]
}

/** Cuts bytes at the given shares of their length. */
function cut(bytes: Buffer, shares: readonly number[]): Buffer[] {
  const places = [0, ...shares.map((share) => Math.floor(share * bytes.length)).toSorted((a, b) => a - b), bytes.length]
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end))
}

const SHARES = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 })

t.test('yields the same bytes and titles however the input is cut', async () => {
  const part = fc.record({
    sound: fc.uint8Array({ minLength: 7, maxLength: 7 }),
    title: fc.option(fc.string({ maxLength: 60 }).filter((text) => !/[\p{C}';\\]/u.test(text))),
  })
  const given = fc.property(fc.array(part, { maxLength: 20 }), SHARES, (parts, shares) => {
    const input = parts.map(({ sound, title }) =>
      Buffer.concat([sound, title === null ? Buffer.from([0]) : block(`StreamTitle='${title}';`)]),
    )
    const end = Buffer.from('end')
    const { sound, titles } = split(cut(Buffer.concat([...input, end]), shares), 7)
    const expected = parts.flatMap(({ title }, i) => (title === null ? [] : [[7 * (i + 1), title.trim()]]))
    return (
      sound.equals(Buffer.concat([...parts.map((one) => one.sound), end])) &&
      JSON.stringify(titles) === JSON.stringify(expected)
    )
  })
  fc.assert(given, { numRuns: 500 })
})

t.test('takes any bytes, keeps at most one block of them, and yields the same however they are cut', async () => {
  const given = fc.property(
    fc.uint8Array({ maxLength: 20_000 }),
    fc.integer({ min: 1, max: 3_000 }),
    SHARES,
    (bytes, interval, shares) => {
      const input = Buffer.from(bytes)
      const whole = split([input], interval)
      const pieces = split(cut(input, shares), interval)
      return whole.sound.equals(pieces.sound) && JSON.stringify(whole.titles) === JSON.stringify(pieces.titles)
    },
  )
  fc.assert(given, { numRuns: 200 })
})

const TITLES: readonly (readonly [string | Buffer, string | undefined])[] = [
  ["StreamTitle='Artist - Song';", 'Artist - Song'],
  ["StreamTitle='Artist - Song';StreamUrl='http://radio.example/';", 'Artist - Song'],
  ["StreamUrl='http://radio.example/';StreamTitle='behind it';", 'behind it'],
  ["streamtitle='small letters';", 'small letters'],
  ["StreamTitle='';StreamUrl='';", ''],
  ["StreamTitle='Rock'n'Roll';", "Rock'n'Roll"],
  ["StreamTitle='it ends';here';StreamUrl='';", "it ends';here"],
  ["StreamTitle='it ends';here';", "it ends';here"],
  ["StreamTitle='It\\'s escaped';", "It's escaped"],
  ["StreamTitle='no semicolon'", 'no semicolon'],
  ["StreamTitle='cut", 'cut'],
  ["StreamTitle='two\r\nlines';", 'two lines'],
  ["StreamTitle='nothing behind a zero';\0StreamTitle='x';", 'nothing behind a zero'],
  ["StreamTitle='Žluťoučký kůň';", 'Žluťoučký kůň'],
  [Buffer.from("StreamTitle='Caf\xe9 del Mar';", 'latin1'), 'Café del Mar'],
  ["StreamUrl='http://radio.example/';", undefined],
  ['noise', undefined],
]
for (const [text, title] of TITLES) {
  t.test(`reads ${JSON.stringify(text.toString('latin1'))}`, async (t) => {
    t.equal(titleOf(text), title)
  })
}

t.test('reads a title in the given encoding where it is not UTF-8', async (t) => {
  t.equal(titleOf(Buffer.from("StreamTitle='\xca\xe8\xed\xee';", 'latin1'), 'windows-1251'), 'Кино')
})

t.test('cuts a title of 4,000 bytes', async (t) => {
  t.equal(titleOf(`StreamTitle='${'x'.repeat(4_000)}';`)?.length, 300)
})
