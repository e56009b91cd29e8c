import t from 'tap'
import {
  MPEG_MAX_FRAME_BYTES,
  mpegDurationUs,
  mpegFrameBytes,
  mpegKind,
  readMpegHeader,
} from '../../../filters/mpeg/header.ts'

const header = (hex: string) => Buffer.from(hex, 'hex')

/** All possible headers, except for the private, copyright and original bits. */
function everyHeader(): Buffer[] {
  const all: Buffer[] = []
  for (let second = 0xe0; second <= 0xff; second++)
    for (let third = 0; third <= 0xff; third++)
      for (const fourth of [0x00, 0x40, 0x80, 0xc0]) all.push(Buffer.from([0xff, second, third, fourth]))
  return all
}

await t.test('reads headers of all versions and layers by the standards', (t) => {
  const rows: [string, number, number, number, number, number, number][] = [
    ['fffb9044', 1, 3, 44100, 128, 417, 1152],
    ['fffb9244', 1, 3, 44100, 128, 418, 1152],
    ['fffbe4c4', 1, 3, 48000, 320, 960, 1152],
    ['fffde800', 1, 2, 32000, 384, 1728, 1152],
    ['ffffe200', 1, 1, 44100, 448, 488, 384],
    ['fff340c4', 2, 3, 22050, 32, 104, 576],
    ['fff58400', 2, 2, 24000, 64, 384, 1152],
    ['ffe318c4', 2.5, 3, 8000, 8, 72, 576],
    ['ffe5ea00', 2.5, 2, 8000, 160, 2881, 1152],
  ]
  for (const [hex, version, layer, rate, kbitPerSecond, bytes, samples] of rows) {
    t.match(readMpegHeader(header(hex), 0), { version, layer, rate, kbitPerSecond, bytes, samples }, hex)
  }
  t.end()
})

await t.test('reads channels and checksum from a header', (t) => {
  t.match(readMpegHeader(header('fffb90c4'), 0), { channels: 1, crc: false })
  t.match(readMpegHeader(header('fffa9044'), 0), { channels: 2, crc: true })
  t.end()
})

await t.test('rejects reserved, forbidden and free-format headers', (t) => {
  for (const hex of [
    'fffb0044',
    'fffbf044',
    'fffb9c44',
    'ffeb9044',
    'fff99044',
    'fffb9046',
    'ff1b9044',
    'fefb9044',
    'ff',
  ]) {
    t.equal(mpegFrameBytes(header(hex), 0), 0, hex)
    t.equal(readMpegHeader(header(hex), 0), undefined, hex)
  }
  t.end()
})

await t.test('accepts frames from 24 bytes to the maximum only', (t) => {
  const sizes = everyHeader()
    .map((bytes) => mpegFrameBytes(bytes, 0))
    .filter((size) => size > 0)
  t.equal(Math.max(...sizes), MPEG_MAX_FRAME_BYTES)
  t.equal(Math.min(...sizes), 24)
  t.end()
})

await t.test('the fast functions agree with the full one', (t) => {
  const wrong = everyHeader().filter((bytes) => {
    const read = readMpegHeader(bytes, 0)
    if (!read) return mpegFrameBytes(bytes, 0) !== 0
    return (
      mpegFrameBytes(bytes, 0) !== read.bytes ||
      Math.abs(mpegDurationUs(bytes, 0) - (read.samples * 1e6) / read.rate) > 1e-6
    )
  })
  t.strictSame(wrong, [])
  t.end()
})

await t.test('compares headers by version, layer, rate and mono', (t) => {
  const readable = everyHeader().filter((bytes) => mpegFrameBytes(bytes, 0) > 0)
  const byKind = new Map<number, Set<string>>()
  for (const bytes of readable) {
    const read = readMpegHeader(bytes, 0)
    const kind = mpegKind(bytes, 0)
    const names = byKind.get(kind) ?? new Set()
    byKind.set(kind, names.add(`${read?.version} ${read?.layer} ${read?.rate} ${read?.channels}`))
  }
  t.equal(byKind.size, 3 * 3 * 3 * 2)
  t.ok([...byKind.values()].every((names) => names.size === 1))
  t.end()
})
