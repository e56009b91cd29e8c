import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { titleOf } from '../../../src/source/files/track-title.ts'
import { plainFrames } from '../../delivery/plain-mp3.ts'

const SOUND = Buffer.concat(plainFrames(3, 1))
const CP1251 = {
  artist: Buffer.from([0xc0, 0xf0, 0xf2, 0xe8, 0xf1, 0xf2]),
  title: Buffer.from([0xcf, 0xe5, 0xf1, 0xed, 0xff]),
}

function synchsafe(n: number): Buffer {
  return Buffer.from([(n >> 21) & 127, (n >> 14) & 127, (n >> 7) & 127, n & 127])
}

function bigEndian(n: number): Buffer {
  return Buffer.from([(n >>> 24) & 255, (n >> 16) & 255, (n >> 8) & 255, n & 255])
}

/** A frame of ID3 version 2.3, or of 2.4 with its `sizeOf`. */
function frame(id: string, body: Buffer | string, sizeOf = bigEndian, flags = 0): Buffer {
  const bytes = Buffer.from(body)
  return Buffer.concat([Buffer.from(id), sizeOf(bytes.length), Buffer.from([0, flags]), bytes])
}

function id3(version: number, frames: readonly Buffer[], flags = 0): Buffer {
  const content = Buffer.concat(frames)
  return Buffer.concat([Buffer.from('ID3'), Buffer.from([version, 0, flags]), synchsafe(content.length), content])
}

const latin1 = (text: Buffer | string) => Buffer.concat([Buffer.from([0]), Buffer.from(text)])
const utf8 = (text: string) => Buffer.from(`\x03${text}`)
const utf16 = (text: string) => Buffer.concat([Buffer.from([1, 0xff, 0xfe]), Buffer.from(text, 'utf16le')])

function apeItem(key: string, value: string): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32LE(Buffer.byteLength(value))
  return Buffer.concat([head, Buffer.from(`${key}\0${value}`)])
}

function ape(items: readonly Buffer[]): Buffer {
  const footer = Buffer.alloc(32)
  footer.write('APETAGEX')
  footer.writeUInt32LE(2000, 8)
  footer.writeUInt32LE(Buffer.concat(items).length + 32, 12)
  footer.writeUInt32LE(items.length, 16)
  return Buffer.concat([...items, footer])
}

function id3v1(title: string | Buffer, artist: string | Buffer): Buffer {
  const tag = Buffer.alloc(128)
  tag.write('TAG')
  Buffer.from(title).copy(tag, 3, 0, 30)
  Buffer.from(artist).copy(tag, 33, 0, 30)
  return tag
}

function riff(...chunks: readonly (readonly [string, Buffer])[]): Buffer {
  const body = chunks.map(([id, bytes]) => {
    const head = Buffer.alloc(8)
    head.write(id)
    head.writeUInt32LE(bytes.length, 4)
    return Buffer.concat([head, bytes, Buffer.alloc(bytes.length % 2)])
  })
  const head = Buffer.alloc(12)
  head.write('RIFF')
  head.write('WAVE', 8)
  return Buffer.concat([head, ...body])
}

async function titled(t: Test, bytes: Buffer, charset = 'windows-1252'): Promise<string> {
  const path = join(t.testdir(), 'name.mp3')
  writeFileSync(path, bytes)
  return titleOf({ path }, charset)
}

t.test('reads text that claims to be Latin-1 as UTF-8 if it is, else in the given charset', async (t) => {
  const wrong = id3(3, [frame('TIT2', latin1('Tést')), frame('TPE1', latin1('Łąka'))])
  t.equal(await titled(t, Buffer.concat([wrong, SOUND])), 'Łąka - Tést')
  t.equal(await titled(t, Buffer.concat([wrong, SOUND]), 'windows-1251'), 'Łąka - Tést')
  const cyrillic = id3(3, [frame('TIT2', latin1(CP1251.title)), frame('TPE1', latin1(CP1251.artist))])
  t.equal(await titled(t, cyrillic, 'windows-1251'), 'Артист - Песня')
  t.equal(await titled(t, cyrillic), 'Àðòèñò - Ïåñíÿ')
  const old = Buffer.concat([SOUND, id3v1(CP1251.title, CP1251.artist)])
  t.equal(await titled(t, old, 'windows-1251'), 'Артист - Песня')
  const unicode = id3(3, [frame('TIT2', utf16('Café')), frame('TPE1', utf16('Motörhead'))])
  t.equal(await titled(t, unicode, 'windows-1251'), 'Motörhead - Café', 'Unicode is in no charset')
})

t.test('names all artists', async (t) => {
  const zero = [frame('TIT2', utf8('Song'), synchsafe), frame('TPE1', utf8('One\0Two'), synchsafe)]
  t.equal(await titled(t, id3(4, zero)), 'One, Two - Song')
  t.equal(
    await titled(t, id3(3, [frame('TIT2', utf16('Song')), frame('TPE1', utf16('One\0\ufeffTwo\0'))])),
    'One, Two - Song',
  )
  t.equal(
    await titled(
      t,
      id3(3, [frame('TPE1', latin1('One')), frame('TPE1', latin1('AC/DC')), frame('TIT2', latin1('Song'))]),
    ),
    'One, AC/DC - Song',
  )
  t.equal(
    await titled(t, Buffer.concat([SOUND, ape([apeItem('Title', 'Song'), apeItem('ARTIST', 'One\0Two')])])),
    'One, Two - Song',
  )
})

t.test('finds the text behind a picture of any size', async (t) => {
  const picture = Buffer.alloc(5_000_000, 7)
  const frames = [frame('APIC', picture), frame('TIT2', latin1('Song')), frame('TPE1', latin1('One'))]
  t.equal(await titled(t, id3(3, frames)), 'One - Song')
  const safe = [frame('APIC', picture, synchsafe), frame('TIT2', utf8('Song'), synchsafe)]
  t.equal(await titled(t, id3(4, safe)), 'Song')
  const wav = riff(
    ['data', picture],
    [
      'LIST',
      Buffer.concat([
        Buffer.from('INFO'),
        riff(['INAM', Buffer.from('Song\0')], ['IART', Buffer.from('One')]).subarray(12),
      ]),
    ],
  )
  t.equal(await titled(t, wav), 'One - Song')
  t.equal(await titled(t, riff(['data', picture.subarray(1)], ['id3 ', id3(3, frames.slice(1))])), 'One - Song')
})

t.test('reads text in all encodings of all versions of tags', async (t) => {
  const two = [
    Buffer.concat([Buffer.from('TT2\0\0\x05'), latin1('Song')]),
    Buffer.concat([Buffer.from('TP1\0\0\x04'), latin1('One')]),
  ]
  t.equal(await titled(t, id3(2, two)), 'One - Song')
  t.equal(
    await titled(t, id3(4, [frame('TIT2', latin1('x'.repeat(200))), frame('TPE1', latin1('One'))])),
    `One - ${'x'.repeat(200)}`,
    'sizes of 2.3 in 2.4',
  )
  t.equal(
    await titled(
      t,
      id3(4, [frame('TIT2', Buffer.concat([Buffer.from([9, 0, 0, 0, 5]), latin1('Song')]), synchsafe, 0x41)]),
    ),
    'Song',
  )
  t.equal(
    await titled(t, id3(4, [frame('TIT2', Buffer.from([0, 0xff, 0, 0xe0]), synchsafe, 0x02)])),
    'ÿà',
    'unsynchronised',
  )
  t.equal(
    await titled(t, id3(3, [frame('TIT2', latin1('zip'), bigEndian, 0x80), frame('TIT2', latin1('Song'))])),
    'Song',
    'compressed',
  )
  const extended = Buffer.from([0, 0, 0, 6, 0, 0, 0, 0, 0, 0])
  t.equal(await titled(t, id3(3, [extended, frame('TIT2', latin1('Song'))], 0x40)), 'Song')
  t.equal(
    await titled(t, id3(4, [Buffer.from([0, 0, 0, 6, 1, 0]), frame('TIT2', utf8('Song'), synchsafe)], 0x40)),
    'Song',
  )
  const plain = id3(3, [frame('TIT2', Buffer.from([0, 0xff, 0xe0]))], 0x80)
  const at = plain.indexOf(0xff)
  const size = plain.length - 9
  const unsynchronised = Buffer.concat([
    plain.subarray(0, 6),
    synchsafe(size),
    plain.subarray(10, at + 1),
    Buffer.from([0]),
    plain.subarray(at + 1),
  ])
  t.equal(await titled(t, unsynchronised), 'ÿà')
  t.equal(await titled(t, Buffer.concat([SOUND, ape([apeItem('title', 'Song')]), id3v1('Old', 'One')])), 'Song')
})

t.test('reads a tag of a million frames, items or chunks quickly', async (t) => {
  const none = Buffer.concat(Array.from({ length: 100_000 }, () => frame('TXXX', '')))
  const items = ape(Array.from({ length: 100_000 }, () => apeItem('x', '')))
  const hostile = [
    id3(3, [none, frame('TIT2', latin1('late'))]),
    Buffer.concat([SOUND, items]),
    riff(...Array.from({ length: 100_000 }, () => ['LIST', Buffer.from('INFO')] as const)),
  ]
  for (const bytes of hostile) {
    const { user } = process.cpuUsage()
    t.equal(await titled(t, bytes), 'name')
    t.ok(process.cpuUsage().user - user < 1_000_000)
  }
})

t.test('returns a title of one line for any bytes, and never throws', async (t) => {
  const path = join(t.testdir(), 'name.mp3')
  const whole = fc.constantFrom(
    Buffer.concat([id3(3, [frame('APIC', 'xx'), frame('TIT2', utf16('Song')), frame('TPE1', latin1('One'))]), SOUND]),
    id3(4, [frame('TIT2', utf8('A\0B'), synchsafe), frame('TPE1', utf8('C'), synchsafe)]),
    id3(3, [frame('TIT2', Buffer.from([0, 0xff, 0, 0xe0]))], 0x80),
    Buffer.concat([SOUND, ape([apeItem('Title', 'Song'), apeItem('ARTIST', 'One\0Two')]), id3v1('Old', 'One')]),
    riff(
      ['LIST', Buffer.concat([Buffer.from('INFO'), riff(['INAM', Buffer.from('Song')]).subarray(12)])],
      ['data', SOUND],
    ),
  )
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(whole, damage, fc.nat(1500), async (bytes, changes, cut) => {
      const broken = Buffer.from(bytes)
      for (const [at, value] of changes) broken[at % broken.length] = value
      writeFileSync(path, broken.subarray(0, broken.length - (cut % broken.length)))
      return /^[^\p{Cc}]{1,600}$/u.test(await titleOf({ path }, 'windows-1252'))
    }),
    { numRuns: 500 },
  )
})
