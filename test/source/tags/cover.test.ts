import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { readCover } from '../../../src/source/tags/cover.ts'
import { MAX_PICTURE_BYTES } from '../../../src/system/picture.ts'
import { needs, runProgram } from '../../programs.ts'

const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(20_000, 7)])
const PNG = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(300, 1)])
const FRONT = 3
const BACK = 4

function uint32(n: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(n)
  return bytes
}

/** The picture of an ID3 frame. @param encoding 1: the description is UTF-16 */
function apic(picture: Buffer, type = FRONT, encoding = 0): Buffer {
  const description = encoding === 1 ? Buffer.from('\ufeffĀ\0', 'utf16le') : Buffer.from('front\0')
  return Buffer.concat([
    Buffer.from([encoding]),
    Buffer.from('image/jpeg\0'),
    Buffer.from([type]),
    description,
    picture,
  ])
}

function id3(...pictures: readonly Buffer[]): Buffer {
  const frames = pictures.map((body) =>
    Buffer.concat([Buffer.from('APIC'), uint32(body.length), Buffer.alloc(2), body]),
  )
  const content = Buffer.concat(frames)
  const size = Buffer.from([21, 14, 7, 0].map((shift) => (content.length >> shift) & 127))
  return Buffer.concat([Buffer.from('ID3\x03\0\0'), size, content])
}

/** A picture as FLAC and Ogg have it. */
function block(picture: Buffer, type = FRONT): Buffer {
  const text = Buffer.from('image/png')
  return Buffer.concat([uint32(type), uint32(text.length), text, Buffer.alloc(20), uint32(picture.length), picture])
}

function flac(...pictures: readonly Buffer[]): Buffer {
  const blocks = pictures.flatMap((body) => [uint32((6 << 24) | body.length), body])
  return Buffer.concat([Buffer.from('fLaC'), uint32(34), Buffer.alloc(34), ...blocks, uint32(0x8100_0000)])
}

/** Pages with a first packet, and with comments that begin as those of a format. */
function ogg(beginning: string, comment: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(comment.length)
  const comments = Buffer.concat([Buffer.from(beginning, 'latin1'), Buffer.alloc(4), Buffer.from([1, 0, 0, 0]), length])
  const packet = Buffer.concat([comments, Buffer.from(comment)])
  const pages = [pageOf(Buffer.from('OpusHead'), true)]
  for (let at = 0; at <= packet.length; at += 255 * 255) {
    pages.push(pageOf(packet.subarray(at, at + 255 * 255), at + 255 * 255 > packet.length))
  }
  return Buffer.concat(pages)
}

function pageOf(body: Buffer, isEnd: boolean): Buffer {
  const full = Math.floor(body.length / 255)
  const segments = [...Array.from({ length: full }, () => 255), ...(isEnd ? [body.length % 255] : [])]
  return Buffer.concat([Buffer.from('OggS'), Buffer.alloc(22), Buffer.from([segments.length, ...segments]), body])
}

function ffmpeg(...args: readonly string[]): void {
  runProgram('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args])
}

async function coverOf(t: Test, bytes: Buffer): Promise<Buffer | undefined> {
  const path = join(t.testdir(), 'name.mp3')
  writeFileSync(path, bytes)
  return (await readCover(path))?.bytes
}

t.test('reads the front cover of ID3v2, or else the first picture', async (t) => {
  t.same(await coverOf(t, id3(apic(PNG, BACK), apic(JPEG))), JPEG)
  t.same(await coverOf(t, id3(apic(PNG, BACK))), PNG)
  t.same(await coverOf(t, id3(apic(JPEG, FRONT, 1))), JPEG, 'behind a description in UTF-16')
  const old = Buffer.concat([Buffer.from([0]), Buffer.from('PNG'), Buffer.from([FRONT, 0]), PNG])
  const frame = Buffer.concat([Buffer.from('PIC'), uint32(old.length).subarray(1), old])
  const size = Buffer.from([0, 0, frame.length >> 7, frame.length & 127])
  t.same(await coverOf(t, Buffer.concat([Buffer.from('ID3\x02\0\0'), size, frame])), PNG, 'of version 2.2')
})

t.test('reads the cover of FLAC, and of Opus and Vorbis over several pages', async (t) => {
  t.same(await coverOf(t, flac(block(JPEG, BACK), block(PNG))), PNG)
  const large = Buffer.concat([JPEG, Buffer.alloc(200_000, 3)])
  const comment = `metadata_block_picture=${block(large).toString('base64')}`
  for (const beginning of ['OpusTags', '\x03vorbis']) t.same(await coverOf(t, ogg(beginning, comment)), large)
})

t.test('refuses pictures that are too large or of another kind', async (t) => {
  const huge = Buffer.concat([JPEG, Buffer.alloc(MAX_PICTURE_BYTES)])
  for (const picture of [huge, Buffer.from('<svg onload="alert(1)"/>'), Buffer.alloc(0)]) {
    const comment = `METADATA_BLOCK_PICTURE=${block(picture).toString('base64')}`
    for (const file of [id3(apic(picture)), flac(block(picture)), ogg('OpusTags', comment)]) {
      t.equal(await coverOf(t, file), undefined)
    }
  }
})

t.test('never fails, whatever the bytes and lengths are', async (t) => {
  const path = join(t.testdir(), 'any')
  const comment = `METADATA_BLOCK_PICTURE=${block(PNG).toString('base64')}`
  const files = [id3(apic(PNG)), flac(block(PNG)), ogg('OpusTags', comment)]
  const change = fc.tuple(fc.nat(500), fc.integer({ min: 0, max: 255 }))
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(change, { maxLength: 8 }),
      fc.nat(600),
      async (file, all, end) => {
        const bytes = Buffer.from(file.subarray(0, end < 500 ? end : file.length))
        for (const [at, value] of all) if (at < bytes.length) bytes[at] = value
        writeFileSync(path, bytes)
        const cover = await readCover(path)
        return cover === undefined || cover.bytes.length <= MAX_PICTURE_BYTES
      },
    ),
    { numRuns: 200 },
  )
})

t.test('reads what ffmpeg has written into MP3 and FLAC', { skip: needs('ffmpeg') }, async (t) => {
  const folder = t.testdir()
  const picture = join(folder, 'cover.png')
  ffmpeg('-f', 'lavfi', '-i', 'color=red:s=64x64', '-frames:v', '1', picture)
  const sound = ['-f', 'lavfi', '-i', 'sine=duration=1', '-i', picture, '-map', '0', '-map', '1', '-c:v', 'copy']
  for (const name of ['song.mp3', 'song.flac']) {
    ffmpeg(...sound, '-disposition:v', 'attached_pic', join(folder, name))
    t.equal((await readCover(join(folder, name)))?.type, 'image/png', name)
  }
})
