import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { signatureOf } from '../../../src/access/signed-link.ts'
import { startServer } from '../../streamserve.ts'

const BROWSER = { Accept: 'text/html', 'Sec-Fetch-Dest': 'document', 'Sec-Fetch-Mode': 'navigate' }
const UNTIL = Math.round(Date.now() / 1000) + 3600
const LINK = `until=${UNTIL}&sign=${signatureOf('/key', UNTIL, 'sesame')}`

/** Text of an attribute of the page. */
function attribute(html: string, pattern: RegExp): string | undefined {
  return pattern.exec(html)?.[1]?.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}

t.test('the page of a stream', async (t) => {
  const conf = join(t.testdir({}), 'station.conf')
  const station = `
[/]
demo
[/key]
demo
warm
listen-key sesame
rewind 5m
[/radio station]
exec cat /dev/zero
hls
`
  writeFileSync(conf, station)
  const server = await startServer(t, ['-config', conf])
  const page = async (path: string) => (await fetch(server.url + path, { headers: BROWSER })).text()

  await t.test('goes back, and links to clips with the signature of the page, with rewind', async (t) => {
    const html = await page(`/key?${LINK}`)
    t.match(html, /<input id="position"/)
    const clip = attribute(html, /data-clip="([^"]*)"/) ?? ''
    t.equal(clip, `./clip/key?wav&${LINK}`)
    const file = await fetch(new URL(`${clip}&ago=30s&for=30s`, `${server.url}/key`))
    t.equal(file.status, 200)
    t.match(file.headers.get('content-disposition'), /^attachment; filename="key_/)
    await file.body?.cancel()
    t.notMatch(html, /id="hls"/)
  })

  await t.test('knows the address of its playlist, with HLS', async (t) => {
    const html = await page('/radio%20station')
    t.equal(attribute(html, /<link id="hls"[^>]*href="([^"]*)"/), './hls/radio%20station/live.m3u8')
    t.notMatch(html, /data-clip|rewind/)
    const own = await page('/player/radio%20station')
    t.equal(attribute(own, /<link id="hls"[^>]*href="([^"]*)"/), '../hls/radio%20station/live.m3u8')
  })

  await t.test('has nothing of that otherwise', async (t) => {
    t.notMatch(await page('/'), /rewind|position|clip|hls/)
  })
})
