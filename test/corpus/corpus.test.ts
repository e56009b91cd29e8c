import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { type Encode, ffmpeg, flac, lame, oggenc, opusenc, sox } from '../decode/encode.ts'
import { createRandom, music } from '../decode/music.ts'
import { id3v2, noise } from '../filters/made-up.ts'
import { needs } from '../programs.ts'
import { plainEnvironment } from '../streamserve.ts'
import { endsAsFile } from './compare.ts'
import { type AllowedDifference, difference, fitsHoles } from './match.ts'

const RUN = fileURLToPath(new URL('run.js', import.meta.url))
const SECONDS = 3
const SOUNDS: Readonly<Record<string, Encode>> = {
  'cbr.mp3': lame(44_100, '-b', '128'),
  'vbr.mp3': lame(24_000, '-V', '5'),
  'layer-2.mp2': ffmpeg(44_100, '-c:a', 'mp2', '-f', 'mp2'),
  'sound.aac': ffmpeg(44_100, '-c:a', 'aac', '-f', 'adts'),
  'albums/by flac.flac': flac(44_100),
  'albums/by ffmpeg.flac': ffmpeg(44_100, '-c:a', 'flac', '-f', 'flac'),
  'sound.opus': opusenc('--max-delay', '100'),
  'sound.ogg': oggenc(44_100),
  'sound.wav': sox(44_100, '-t', 'wav'),
}
const PROGRAMS = ['lame', 'ffmpeg', 'flac', 'opusenc', 'oggenc', 'sox', 'mpg123']

async function runOn(...args: readonly string[]): Promise<{ code: number | null; lines: string[] }> {
  const child = spawn(process.execPath, [RUN, ...args], {
    env: plainEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more
  })
  await once(child, 'close')
  return { code: child.exitCode, lines: text.trimEnd().split('\n').toSorted() }
}

function inRow(...parts: readonly Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => Array.from(part)))
}

t.test('finds every common format the same for all listeners', { skip: needs(...PROGRAMS) }, async (t) => {
  const folder = t.testdir({ 'empty.mp3': '', '.hidden.mp3': 'x' })
  mkdirSync(join(folder, 'albums'))
  for (const [name, encode] of Object.entries(SOUNDS)) writeFileSync(join(folder, name), encode(SECONDS))
  const { code, lines } = await runOn(folder, '--seconds', '280')
  t.strictSame(lines, ['9 files: 9 same, 0 explained, 0 unplayable, 0 differ'])
  t.equal(code, 0)
})

t.test('names files that no decoder plays, and why frames are missing', { skip: needs(...PROGRAMS) }, async (t) => {
  const folder = t.testdir({ 'words.mp3': 'no sound in here' })
  const mp3 = lame(44_100, '-b', '128')(SECONDS)
  const half = mp3.length >> 1
  const broken = Buffer.concat([mp3.subarray(0, half), noise(5000, 1), mp3.subarray(half)])
  writeFileSync(join(folder, 'broken.mp3'), broken)
  writeFileSync(join(folder, 'tagged.mp3'), Buffer.concat([id3v2(noise(9000, 1)), mp3]))
  const { code, lines } = await runOn(folder, '--seconds', '280')
  const found = (line: RegExp) =>
    t.ok(
      lines.some((other) => line.test(other)),
      String(line),
    )
  found(/^3 files: 1 same, 1 explained, 1 unplayable, 0 differ$/)
  found(/^explained +broken\.mp3: \d+ bytes belong to no frame$/)
  found(/^unplayable words\.mp3: no decoder plays the original$/)
  t.equal(code, 0)
})

t.test('refuses a call without a folder', async (t) => {
  t.equal((await runOn()).code, 2)
})

const exact: AllowedDifference = { settling: 0, added: 0, lead: 0, tolerance: 0 }

t.test('reports samples that are wrong, missing or too many', (t) => {
  const bytes = music(1, 44_100)
  const original = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
  const random = createRandom(1)
  const other = (count: number) => Int16Array.from({ length: count }, () => random() * 20_000 - 10_000)
  t.equal(difference(original, original, false, exact), undefined)
  t.equal(difference(original.subarray(30_000), original, true, exact), undefined)
  t.match(difference(original.subarray(100), original, false, exact), /^100 samples missing or wrong at the beginning$/)
  t.match(difference(original.subarray(0, -70), original, false, exact), /^70 samples missing or wrong at the end$/)
  t.match(difference(inRow(other(50), original), original, false, exact), /^50 samples too many at the beginning$/)
  t.equal(difference(inRow(other(50), original), original, false, { ...exact, added: 50 }), undefined)
  const late = inRow(other(900), original.subarray(40_000))
  t.match(difference(late, original, true, exact), /^900 samples until the sound is right$/)
  t.equal(difference(late, original, true, { ...exact, settling: 900 }), undefined)
  const hole = inRow(original.subarray(0, 20_000), other(100), original.subarray(20_100))
  t.match(difference(hole, original, false, exact), /wrong at the/)
  t.match(difference(other(40_000), original, false, exact), /^no part of 40000 samples/)
  const near = original.map((sample) => sample + Math.round(random() * 2 - 1))
  t.equal(difference(near, original, false, { ...exact, tolerance: 2 }), undefined)
  const silence = new Int16Array(9000)
  t.equal(difference(silence.subarray(500), silence, true, exact), undefined)
  t.match(difference(silence.subarray(500), silence, false, exact), /^500 samples missing/)
  t.match(difference(other(2000), silence, true, exact), /^no part of/)
  t.end()
})

t.test('explains a difference only when what is left out accounts for all of it', (t) => {
  const bytes = music(1, 44_100)
  const original = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
  const fits = (received: Int16Array, joinedLate: boolean, count: number, samples: number, isLast = false) =>
    fitsHoles(received, original, joinedLate, exact, { count, samples, isLast })
  const cut = original.subarray(0, -1152)
  t.ok(fits(cut, false, 1, 1152))
  t.notOk(fits(cut, false, 1, 1151))
  t.ok(fits(cut.subarray(40_000), true, 1, 1152))
  t.notOk(fits(cut.subarray(40_000), true, 1, 1151))
  t.notOk(fits(cut.subarray(40_000), false, 1, 1152), 'a listener from the start gets the start')
  const twoHoles = inRow(original.subarray(0, 20_000), original.subarray(21_000, 50_000), original.subarray(51_000))
  t.ok(fits(twoHoles, false, 2, 2000))
  t.notOk(fits(twoHoles, false, 1, 2000), 'there is one hole more than is known')
  t.notOk(fits(twoHoles, false, 2, 1999))
  t.ok(fits(inRow(original, original.subarray(0, 9000)), false, 1, 9000))
  t.notOk(fits(inRow(original, original.subarray(0, 9000)), false, 1, 8999), 'too much was received')
  t.ok(fits(inRow(original, original.subarray(0, 9000)), false, 1, 0, true), 'a decoder gives up in the original')
  t.notOk(fits(inRow(original.subarray(0, -9), original.subarray(0, 9000)), false, 1, 0, true))
  t.end()
})

t.test('finds where a late listener joined in sound that is almost silent', (t) => {
  const random = createRandom(1)
  const original = Int16Array.from({ length: 100_000 }, (_, i) => (i > 3000 && random() > 0.998 ? 1 : 0))
  const settling = { ...exact, settling: 4000 }
  const received = inRow(new Int16Array(3500), original.subarray(50_000, -2304))
  t.match(difference(received, original, true, settling), /^2304 samples missing or wrong at the end$/)
  t.ok(fitsHoles(received, original, true, settling, { count: 1, samples: 2304, isLast: false }))
  t.notOk(fitsHoles(received, original, true, settling, { count: 0, samples: 2303, isLast: false }))
  const quiet = original.map((sample) => sample * 2 - 1)
  t.equal(difference(quiet.subarray(40_000, -2304), quiet, true, { ...exact, tolerance: 2 }), undefined)
  t.end()
})

/** A page of Ogg by its first bytes only. */
const page = (byte: number) => Buffer.concat([Buffer.from('OggS'), Buffer.alloc(20, byte)])

t.test('finds that the pages of a late listener are those of the file, up to its end', async (t) => {
  const file = Buffer.concat([1, 2, 3, 4, 5, 6].map(page))
  t.ok(endsAsFile(Buffer.concat([1, 2, 4, 5, 6].map(page)), file))
  t.ok(endsAsFile(Buffer.concat([1, 2, 9, 4, 5].map(page)), file), 'behind the rest of a packet')
  t.notOk(endsAsFile(Buffer.concat([1, 2, 3, 5, 6, 7, 8].map(page)), file), 'other pages')
  t.notOk(endsAsFile(Buffer.concat([1, 2].map(page)), file), 'headers alone')
})
