/**
 * The two command lines that the project began with, verbatim except for the ports: a sound card as a stream, and a second
 * instance that serves it as MP3, encoded once for all listeners and only while there are any.
 *
 * SOUND_SECONDS makes it run longer than usual.
 */
import { readdirSync, readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { listen } from '../client.ts'
import { until } from '../processes.ts'
import { needs } from '../programs.ts'
import { type Server, startServer } from '../streamserve.ts'
import { decode, wholeFrames } from './decode.ts'
import { makeSoundCard } from './sound-card.ts'

const SECONDS = Number(process.env['SOUND_SECONDS'] ?? 5)
const CD_BYTES_PER_SECOND = 176_400
const MP3_BYTES_PER_SECOND = 8_000

const ENCODER_FLAGS =
  '-content-type audio/mpeg -source-buffer 1000 -frame-bytes 300 -frame-filter mp3 -reopen -close-idle'.split(' ')

t.setTimeout((SECONDS + 60) * 1000)
const skip = needs('arecord', 'curl', 'lame', 'ffmpeg', 'mpg123')

/** Names of the processes of a group that have not ended. */
function membersOf(group: number): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      // proc(5): pid (comm) state ppid pgrp ...
      const [, name = '', state = 'X', , pgrp] = /^\d+ \((.*)\) (\S) (\d+) (\d+)/s.exec(statOf(pid)) ?? []
      return Number(pgrp) === group && state !== 'Z' && state !== 'X' ? [name] : []
    })
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return ''
  }
}

/** Process group of the source's latest opening. */
async function groupOf(server: Server, opening = 1): Promise<number> {
  const lines = await server.loggedTimes(/source opened/, opening)
  return Number(/ pid=(\d+)/.exec(lines.at(-1) ?? '')?.[1])
}

t.test('streams a sound card, and the same as MP3 from a second instance', { skip }, async (t) => {
  const first = await startServer(t, ['-exec', 'arecord -f cd --file-type raw'], { env: makeSoundCard(t) })
  const line = `curl -sS localhost:${first.port} | lame -r -h -b 64 -a -m l - -`
  const second = await startServer(t, [...ENCODER_FLAGS, '-exec', 'sh', '-c', line])

  const samples = listen(t, first.port)
  const early = listen(t, second.port)
  await early.bodyHas(MP3_BYTES_PER_SECOND * 1.5)
  const late = listen(t, second.port)
  await late.bodyHas(MP3_BYTES_PER_SECOND * (SECONDS - 1))
  await early.bodyHas(MP3_BYTES_PER_SECOND * SECONDS)
  const recorder = await groupOf(first)
  const encoder = await groupOf(second)
  t.ok(membersOf(recorder).includes('arecord'))
  t.strictSame(membersOf(encoder).toSorted(), ['curl', 'lame', 'sh'])
  t.equal(second.count(/source opened/), 1, 'one encoder for all')

  checkSamples(t, await samples.bodyHas(CD_BYTES_PER_SECOND * (SECONDS - 1)))
  t.match(early.head(), 'Content-Type: audio/mpeg')
  checkSound(t, wholeFrames(early.body()), 0)
  // A listener that joins in the middle may lack bits of the first frame that are in earlier ones, unless a lead-in is sent.
  checkSound(t, wholeFrames(late.body()), 4)

  early.socket.destroy()
  late.socket.destroy()
  t.match(await second.logged(/source closed/), /reason="no listeners"/)
  await until('curl and lame are gone', () => membersOf(encoder).length === 0)
  const again = listen(t, second.port)
  await again.bodyHas(1000)
  t.strictSame(membersOf(await groupOf(second, 2)).toSorted(), ['curl', 'lame', 'sh'], 'and come back with a listener')

  const last = await groupOf(second, 2)
  for (const server of [second, first]) server.child.kill('SIGTERM')
  t.strictSame(await Promise.all([first.exited, second.exited]), [0, 0])
  await until('nobody is left', () => [recorder, last].every((group) => membersOf(group).length === 0))
})

/** The card numbers its samples from 0 on. */
function checkSamples(t: Test, bytes: Buffer): void {
  let wrong = -1
  for (let at = 0; at + 4 <= bytes.length && wrong < 0; at += 4) if (bytes.readUInt32LE(at) !== at / 4) wrong = at / 4
  t.equal(wrong, -1, 'each sample is what the card gave')
}

/** @param lost maximum number of frames at the beginning that decoders may fail to decode. */
function checkSound(t: Test, bytes: Buffer, lost: number): void {
  const frames = bytes.length / ((MP3_BYTES_PER_SECOND * 1152) / 44_100)
  for (const program of ['ffmpeg', 'mpg123'] as const) {
    const { samples, complaints } = decode(program, bytes)
    // Decoders may hold back or skip samples that an encoder added at the beginning.
    t.ok(samples > (frames - lost - 3) * 1152, `${program} decodes ${samples} samples of ${Math.round(frames)} frames`)
    if (lost === 0) t.equal(complaints, '', `${program} has nothing to complain of`)
  }
}
