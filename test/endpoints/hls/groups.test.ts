import t from 'tap'
import { needs } from '../../programs.ts'
import { startHls, withSegments } from './hls-server.ts'

const GROUP = ['hls', 'hls-segment 1s', 'hls-group main']

/** Lines of a stream with encoded sound. */
function encoded(path: string, encoder: string, more: readonly string[] = GROUP): string[] {
  return [`[${path}]`, `exec "ffmpeg -v error -re -f lavfi -i sine=d=60 -ac 2 ${encoder} -flush_packets 1 -"`, ...more]
}

/** Variants of a playlist: attributes and URI. */
function variantsIn(text: string): string[][] {
  return Array.from(text.matchAll(/^#EXT-X-STREAM-INF:(.*)\n(.*)$/gm), ([, attributes = '', uri = '']) => [
    attributes,
    uri,
  ])
}

t.test(
  'a group has its streams as variants, in the order of the file, without those that are down',
  { skip: needs('ffmpeg') },
  async (t) => {
    const server = await startHls(
      t,
      ['hls'],
      [
        ...encoded('/low.aac', '-c:a aac -b:a 48k -f adts', [...GROUP, 'name The "low" one']),
        '[/down]',
        'exec false',
        ...GROUP,
        ...encoded('/main', '-b:a 128k -f mp3'),
        ...encoded('/other', '-b:a 64k -f mp3', ['hls', 'hls-segment 1s', 'hls-group else']),
        ...encoded('/flac', '-c:a flac -f flac'),
      ],
    )
    const url = `${server.url}/hls/main/main.m3u8`
    const response = await fetch(url)
    t.equal(response.headers.get('content-type'), 'application/vnd.apple.mpegurl')
    t.equal(response.headers.get('cache-control'), 'public, max-age=1, stale-while-revalidate=2, stale-if-error=10')
    const text = await response.text()
    t.match(text, /^#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-STREAM-INF/)
    const variants = variantsIn(text)
    t.strictSame(
      variants.map(([, uri]) => uri),
      ['../low.aac/live.m3u8', '../main/live.m3u8', '../flac/live.m3u8'],
    )
    t.match(variants[0]?.[0], /^BANDWIDTH=\d+,AVERAGE-BANDWIDTH=\d+,CODECS="mp4a.40.2",NAME="The 'low' one"$/)
    t.match(variants[1]?.[0], /CODECS="mp4a.40.34",NAME="main"$/)
    t.match(variants[2]?.[0], /CODECS="[^"]+",NAME="flac"$/)
    const [, peak = 0, average = 0] = /^BANDWIDTH=(\d+),AVERAGE-BANDWIDTH=(\d+)/.exec(variants[1]?.[0] ?? '') ?? []
    t.ok(Number(peak) >= Number(average) && Math.abs(Number(average) - 128_000) < 13_000, `${peak}, ${average}`)
    // A stream at the path of the group.
    const own = await withSegments(`${server.url}/hls/main/live.m3u8`, 1)
    t.match(own.segments[0]?.uri, /\.mp3/)
  },
)

t.test('a group that is down is 503, and one that does not exist 404', async (t) => {
  const server = await startHls(t, ['hls'], ['[/down]', 'exec false', ...GROUP])
  const down = await fetch(`${server.url}/hls/main/main.m3u8`)
  t.equal(down.status, 503)
  t.ok(Number(down.headers.get('retry-after')) > 0)
  t.equal((await fetch(`${server.url}/hls/none/main.m3u8`)).status, 404)
})
