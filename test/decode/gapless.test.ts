import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { complaints, decoded } from '../filters/ogg/encoded-ogg.ts'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { type Encode, ffmpeg, flac } from './encode.ts'
import { listenPlainly } from './listener.ts'
import { music } from './music.ts'

const RATE = 44_100
const SAMPLES = ['-s', '-d', '-c', '--force-raw-format', '--endian=little', '--sign=signed', '@'] as const

/** Albums cut one piece of music into tracks. Each last block is short, and the block sizes differ. */
const TRACKS: readonly [seconds: number, Encode][] = [
  [1.1, flac(RATE)],
  [0.9, ffmpeg(RATE, '-c:a', 'flac', '-f', 'flac')],
  [0.7, flac(RATE, '-0')],
  [0.8, flac(RATE, '-b', '576')],
]
const files = () => TRACKS.map(([seconds, encode]) => encode(seconds))
const expected = () => Buffer.concat(TRACKS.map(([seconds]) => music(seconds, RATE)))
const skip = needs('flac', 'ffmpeg')

function judge(t: Test, body: Buffer): void {
  t.equal(complaints(body, 'flac', '-s', '-t', '@'), '')
  t.equal(complaints(body, 'ffmpeg', '-v', 'warning', '-i', '@', '-f', 's16le', '-'), '')
  t.ok(decoded(body, 'flac', ...SAMPLES).equals(expected()), 'every sample, and nothing between two files')
}

t.test('plays FLAC files of several block sizes without a gap with -play', { skip }, async (t) => {
  const folder = t.testdir()
  for (const [i, bytes] of files().entries()) writeFileSync(join(folder, `${i}.flac`), bytes)
  const server = await startServer(t, ['-loop=false', '-play', folder])
  judge(t, await listenPlainly(t, server.port).closed)
})

t.test('plays FLAC files of several block sizes without a gap out of one pipe', { skip }, async (t) => {
  const server = await startServer(t, ['-reopen=false'], { stdin: 'pipe' })
  const listener = listenPlainly(t, server.port)
  await server.logged(/listener (came|connected)/)
  server.child.stdin?.end(Buffer.concat(files()))
  judge(t, await listener.closed)
})
