/** Titles of played files, tested through the whole program. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { listen } from '../client.ts'
import { plainFrames } from '../delivery/plain-mp3.ts'
import { encode } from '../filters/ogg/encoded-ogg.ts'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'

/** A folder of files, by name. */
function folderOf(t: Test, files: Readonly<Record<string, Buffer>>): string {
  const folder = join(t.testdir(), 'music')
  mkdirSync(folder)
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
  return folder
}

function opus(title: string, ...artists: readonly string[]): Buffer {
  return encode('opusenc', 1, '--title', title, ...artists.flatMap((artist) => ['--artist', artist]))
}

t.test('names a track of Ogg once, by all its artists', { skip: needs('opusenc') }, async (t) => {
  const files = {
    '1.opus': opus('Song', 'One', 'Two'),
    '2.opus': opus('Next', 'Three'),
    '3.opus': encode('opusenc', 1),
  }
  const server = await startServer(t, ['-play', folderOf(t, files)])
  listen(t, server.port)
  const lines = await server.loggedTimes(/ title changed stream=/, 4)
  const titles = lines.map((line) => /title="?([^"]*)"?$/.exec(line)?.[1])
  t.strictSame(titles, ['One, Two - Song', 'Three - Next', '3', 'One, Two - Song'])
})

function block(type: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  head[0] = type
  return Buffer.concat([head, body])
}

/** FLAC with a million empty comments. */
function flacOfComments(): Buffer {
  const vendor = Buffer.from([0, 0, 0, 0])
  const count = Buffer.alloc(4)
  count.writeUInt32LE(1_000_000)
  const comments = Buffer.concat([vendor, count, Buffer.alloc(4_000_000)])
  const info = Buffer.from(`100010000000000000000ac442f000000000${'0'.repeat(32)}`, 'hex')
  return Buffer.concat([Buffer.from('fLaC'), block(0, info), block(0x84, comments)])
}

t.test('answers requests while files with a million comments are played', async (t) => {
  const song = Buffer.concat(plainFrames(40, 1))
  const bomb = flacOfComments()
  const tagged = Buffer.concat([Buffer.from('ID3\x04\0\0'), Buffer.from([1, 0x74, 0x12, 0]), bomb])
  const files = { '1.mp3': song, '2.flac': bomb, '3.mp3': tagged, '4.mp3': song }
  const server = await startServer(t, ['-play', folderOf(t, files)])
  const listener = listen(t, server.port)
  let longestMs = 0
  const ask = async () => {
    const from = performance.now()
    await listen(t, server.port, '/elsewhere').closed
    longestMs = Math.max(longestMs, performance.now() - from)
  }
  while (listener.body().length < 3 * song.length) await ask()
  t.ok(longestMs < 5_000, `${longestMs} ms`)
})
