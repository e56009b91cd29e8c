import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { watchPlaylist } from '../hls/watch-playlist.ts'
import { needs } from '../programs.ts'
import { repetitions } from '../repetitions.ts'
import { startServer } from '../streamserve.ts'
import { inEngines } from './engines.ts'
import { type Heard, listenInBrowser, listenWithFfmpeg, NO_NATIVE_HLS, startListeningPage } from './hls-sound.ts'

const HZ = 440
const SECONDS = repetitions(18, 60)
/** Sound of Chromium's own player, which takes seconds to begin, and of each page where they play one after the other. */
const NATIVE_SECONDS = 20
const ALONE_SECONDS = repetitions(10, 60)
const SEGMENT_SECONDS = 2
const SEGMENTS_BEFORE = 6
/** Largest difference of positions in segments that are the same, in seconds: segments of some formats are not as long as others. */
const SAME_S = 0.1

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

/** A busy machine interrupts a browser, so that some sound is lost. */
function browserHears(t: Test, name: string, { seconds, faults, messages, pieces }: Heard, wanted: number): void {
  t.strictSame(messages, [], `${name} has no complaint`)
  t.equal(pieces, 1, `${name} has sound without a gap`)
  t.ok(seconds > wanted / 2, `${name} plays ${seconds} s`)
  const places = faults.map((fault) => fault.toFixed(2)).join(', ')
  t.notOk(hasSeamFaults(faults, wanted / SEGMENT_SECONDS), `${name} hears the tone: faults at [${places}] s`)
}

/** Whether most faults are at the same position of segments, in all of them; those of a busy machine are anywhere. */
function hasSeamFaults(faults: readonly number[], segments: number): boolean {
  return faults.some((fault) => {
    const same = faults.filter((other) => {
      const distance = Math.abs(other - fault) % SEGMENT_SECONDS
      return Math.min(distance, SEGMENT_SECONDS - distance) < SAME_S
    })
    const hit = new Set(same.map((other) => Math.round((other - fault) / SEGMENT_SECONDS)))
    return hit.size >= segments - 1 && same.length > faults.length / 2
  })
}

t.setTimeout(290_000)
inEngines('HLS plays', { skip: needs('ffmpeg') }, async (t, engine) => {
  const hls = await startStreams(t)
  const [browser, page] = [await engine.start(t), await startListeningPage(t)]
  const playlistOf = (path: string) => `${hls}/${path}/live.m3u8`
  const paths = Object.keys(ENCODERS)
  await Promise.all(paths.map((path) => hasBegun(playlistOf(path))))

  const withoutBrowser = async (path: string) => {
    const playlist = playlistOf(path)
    const [validator, byFfmpeg] = await Promise.all([
      watchPlaylist(playlist, SECONDS * 1000),
      listenWithFfmpeg(playlist, SECONDS, HZ),
    ])
    const faults = validator.faults.filter((fault) => !LATE.test(fault))
    t.strictSame(faults, [], `${path}: the playlist and its segments are as in RFC 8216`)
    const least = SECONDS / SEGMENT_SECONDS / 2
    t.ok(validator.segments >= least, `${path}: ${validator.segments} segments, ${validator.seconds} s`)
    t.strictSame(byFfmpeg.messages, [], `${path} in ffmpeg has no complaint`)
    t.strictSame(byFfmpeg.faults, [], `${path} in ffmpeg is the tone`)
    t.ok(byFfmpeg.seconds > SECONDS - 1, `${path} in ffmpeg plays ${byFfmpeg.seconds} s`)
  }
  const byLibrary = async (path: string, seconds: number) => {
    const heard = await listenInBrowser(t, browser, page, playlistOf(path), { seconds, hz: HZ, by: 'hls.js' })
    browserHears(t, `${path} in hls.js`, heard, seconds)
  }
  const byBrowser = async (path: string) => {
    const wanted = { seconds: NATIVE_SECONDS, hz: HZ, by: 'browser' } as const
    const heard = await listenInBrowser(t, browser, page, playlistOf(path), wanted)
    browserHears(t, `${path} in ${engine.title}`, heard, NATIVE_SECONDS)
  }
  if (engine.isAble(t, 'by itself', NO_NATIVE_HLS)) {
    // Chromium has no packed MP3.
    const native = ['aac', 'flac', 'opus'].map(byBrowser)
    await Promise.all([...native, ...paths.flatMap((path) => [withoutBrowser(path), byLibrary(path, SECONDS)])])
  } else {
    for (const path of paths) await byLibrary(path, ALONE_SECONDS)
  }
})
