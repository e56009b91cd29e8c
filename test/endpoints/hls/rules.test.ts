import t from 'tap'
import { watchPlaylist } from '../../hls/watch-playlist.ts'
import { needs } from '../../programs.ts'
import { startHls } from './hls-server.ts'

/** Long enough that segments leave the playlist, and stop being available. */
const WATCHED_MS = 28_000
const WATCHED_SECONDS = WATCHED_MS / 1000

const FORMATS: Readonly<Record<string, string>> = {
  mp3: '-b:a 128k -f mp3',
  aac: '-c:a aac -b:a 96k -f adts',
  flac: '-c:a flac -f flac',
  'flac.ogg': '-c:a flac -f ogg -page_duration 200000',
  opus: '-c:a libopus -ar 48000 -b:a 64k -f ogg -page_duration 200000',
}

/** Lines of a stream that is encoded in real time. */
function section(name: string, output: string, input = ''): string[] {
  const sound = `-f lavfi -i aevalsrc='sin(2*PI*440*t)*0.3+0.1*random(0)|sin(2*PI*660*t)*0.3':s=44100`
  const command = `ffmpeg -v error -re ${input} ${sound} ${output} -flush_packets 1 -`
  return [`[/${name}]`, `exec "${command}"`, 'warm', 'hls', 'hls-segment 1s']
}

t.test('playlists and segments of each format follow RFC 8216', { skip: needs('ffmpeg') }, async (t) => {
  const server = await startHls(
    t,
    ['hls'],
    Object.entries(FORMATS).flatMap(([name, output]) => section(name, output)),
  )
  const watched = Object.keys(FORMATS).map(async (name) => {
    const { faults, segments, seconds } = await watchPlaylist(`${server.url}/hls/${name}/live.m3u8`, WATCHED_MS)
    t.strictSame(faults, [], name)
    t.ok(segments > 15 && seconds > WATCHED_SECONDS - 10, `${name}: ${segments} segments, ${seconds} s`)
  })
  await Promise.all(watched)
})

t.test('so does a source that ends and is opened again and again', { skip: needs('ffmpeg') }, async (t) => {
  const server = await startHls(t, ['hls'], section('short', '-b:a 128k -f mp3', '-t 3.3'))
  const { faults, segments } = await watchPlaylist(`${server.url}/hls/short/live.m3u8`, WATCHED_MS)
  // Its pauses between openings grow.
  t.strictSame(
    faults.filter((fault) => !fault.startsWith('no new segment')),
    [],
  )
  t.ok(segments > 12, `${segments} segments`)
})
