import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { watchPlaylist } from '../hls/watch-playlist.ts'
import { needs } from '../programs.ts'
import { repetitions } from '../repetitions.ts'
import { startServer } from '../streamserve.ts'
import { needsChromium, startChromium } from './chromium.ts'
import { type Heard, listenInBrowser, listenWithFfmpeg, startListeningPage } from './hls-sound.ts'

const HZ = 440
const SECONDS = repetitions(18, 60)
/** Sound of Chromium's own player, which takes seconds to begin. */
const NATIVE_SECONDS = 20
const SEGMENT_SECONDS = 2
const SEGMENTS_BEFORE = 6
const SEAMS = SECONDS / SEGMENT_SECONDS

/** A busy machine stops a source for more than a second, and its sound then is on the air later. */
const LATE = /^PROGRAM-DATE-TIME of \S+ is [1-9]/

/** Encoders of a tone, by path. */
const ENCODERS: Readonly<Record<string, string>> = {
  mp3: '-c:a libmp3lame -b:a 128k -f mp3',
  aac: '-c:a aac -b:a 96k -f adts',
  flac: '-c:a flac -f flac',
  'flac.ogg': '-c:a flac -page_duration 200000 -f ogg',
  opus: '-ar 48000 -c:a libopus -b:a 96k -f ogg',
}

/** Resolves when a playlist has as many segments as players need that stay some segments behind the newest one. */
async function hasBegun(playlist: string): Promise<void> {
  for (let count = 0; count < SEGMENTS_BEFORE; ) {
    const text = await (await fetch(playlist)).text()
    count = text.match(/^#EXTINF/gm)?.length ?? 0
    await new Promise((resolve) => {
      setTimeout(resolve, 500)
    })
  }
}

async function startStreams(t: Test): Promise<string> {
  const tone = `ffmpeg -v error -nostdin -re -f lavfi -i sine=frequency=${HZ}:sample_rate=44100 -af volume=4 -ac 2`
  const streams = Object.entries(ENCODERS).map(([path, encoder]) =>
    [
      `[/${path}]`,
      `exec "${tone} ${encoder} -flush_packets 1 -"`,
      'warm',
      'hls',
      `hls-segment ${SEGMENT_SECONDS}s`,
    ].join('\n'),
  )
  const file = join(t.testdir({}), 'station')
  writeFileSync(file, streams.join('\n'))
  const { url } = await startServer(t, ['-config', file])
  return `${url}/hls`
}

/** A fault at each seam would be found; a busy machine that interrupts a browser is not one. */
function isTone(t: Test, name: string, heard: Heard, least: number, mostFaults: number): void {
  const { seconds, faults, messages, stalls, pieces } = heard
  t.strictSame(messages, [], `${name} has no complaint`)
  t.equal(pieces, 1, `${name} has sound without a gap`)
  t.ok(stalls <= mostFaults, `${name} waits ${stalls} times`)
  t.ok(seconds > least, `${name} plays ${seconds} s`)
  t.ok(faults.length <= mostFaults, `${name} hears the tone: ${faults.length} faults at ${faults.join(', ')} s`)
}

t.setTimeout(240_000)
t.test(`HLS plays for ${SECONDS} s`, { skip: needsChromium || needs('ffmpeg') }, async (t) => {
  const hls = await startStreams(t)
  const [browser, page] = [await startChromium(t), await startListeningPage(t)]
  await Promise.all(Object.keys(ENCODERS).map((path) => hasBegun(`${hls}/${path}/live.m3u8`)))
  const play = async (path: string) => {
    const playlist = `${hls}/${path}/live.m3u8`
    const [validator, byFfmpeg, byLibrary] = await Promise.all([
      watchPlaylist(playlist, SECONDS * 1000),
      listenWithFfmpeg(playlist, SECONDS, HZ),
      listenInBrowser(browser, page, playlist, { seconds: SECONDS, hz: HZ, by: 'hls.js' }),
    ])
    const faults = validator.faults.filter((fault) => !LATE.test(fault))
    t.strictSame(faults, [], `${path}: the playlist and its segments are as in RFC 8216`)
    t.ok(validator.segments >= SEAMS / 2, `${path}: ${validator.segments} segments, ${validator.seconds} s`)
    isTone(t, `${path} in ffmpeg`, byFfmpeg, SECONDS - 1, 0)
    isTone(t, `${path} in hls.js`, byLibrary, SECONDS - 2, SEAMS / 3)
  }
  const native = async (path: string) => {
    const heard = await listenInBrowser(browser, page, `${hls}/${path}/live.m3u8`, {
      seconds: NATIVE_SECONDS,
      hz: HZ,
      by: 'browser',
    })
    isTone(t, `${path} in Chromium`, heard, NATIVE_SECONDS - 2, NATIVE_SECONDS / SEGMENT_SECONDS / 3)
  }
  // Chromium has no packed MP3.
  await Promise.all([...Object.keys(ENCODERS).map(play), ...['aac', 'flac', 'opus'].map(native)])
})
