import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createPictures } from '../../../src/endpoints/player/pictures.ts'
import type { Stream } from '../../../src/stream/stream.ts'
import { MAX_PICTURE_BYTES } from '../../../src/system/picture.ts'
import { makeFifo } from '../../fifos.ts'
import { keepLog } from '../../kept-log.ts'
import { createManualClock } from '../../manual-clock.ts'
import { needs, runProgram } from '../../programs.ts'
import { run, startServer } from '../../streamserve.ts'

const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(500, 7)])
const PNG = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(300, 1)])

/** The password is `hackme`. */
const ANNA = 'anna:$apr1$saltsalt$cF2RF7yioggWGAi9R7S.b1\n'

function ffmpeg(...args: readonly string[]): void {
  runProgram('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args])
}

async function bytesAt(url: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(url)).arrayBuffer())
}

t.test('serves the picture of the station with its type, and 304 to clients that have it', async (t) => {
  const picture = join(t.testdir(), 'logo.png')
  writeFileSync(picture, JPEG)
  const { url } = await startServer(t, ['-demo', '-picture', picture])
  const answer = await fetch(`${url}/live.jpg`)
  t.equal(answer.headers.get('content-type'), 'image/jpeg')
  t.equal(answer.headers.get('cache-control'), 'public, no-cache')
  t.same(Buffer.from(await answer.arrayBuffer()), JPEG)
  const tag = answer.headers.get('etag') ?? ''
  t.equal((await fetch(`${url}/live.jpg`, { headers: { 'If-None-Match': tag } })).status, 304)
  const kept = await fetch(`${url}/live.jpg?v=${tag.replaceAll('"', '')}`)
  t.match(kept.headers.get('cache-control'), 'immutable')
  t.equal((await fetch(`${url}/live.jpg`, { method: 'HEAD' })).headers.get('content-length'), String(JPEG.length))
})

t.test('serves no other files, and no picture where there is none', async (t) => {
  const { url } = await startServer(t, ['-demo'])
  for (const path of ['/live.jpg', '/other.jpg', '/.jpg', '/..%2F..%2Fetc%2Fpasswd.jpg', '/%2Fetc%2Fhostname.jpg']) {
    t.equal((await fetch(url + path)).status, 404, path)
  }
})

t.test('logs once what is wrong with a file, and -check reports it', async (t) => {
  const folder = t.testdir({ 'text.jpg': 'no picture' })
  const large = join(folder, 'large.jpg')
  writeFileSync(large, JPEG)
  truncateSync(large, MAX_PICTURE_BYTES + 1)
  const reasons = { 'large.jpg': 'is larger than 4096 KiB', 'text.jpg': 'is not a JPEG, PNG or WebP picture' }
  for (const [name, reason] of Object.entries(reasons)) {
    const server = await startServer(t, ['-demo', '-picture', join(folder, name)])
    for (let i = 0; i < 3; i++) t.equal((await fetch(`${server.url}/live.jpg`)).status, 404)
    t.match(await server.logged(/picture not read/), reason)
    t.equal(server.count(/picture not read/), 1)
    t.match(
      (await run(['-check', '-demo', '-picture', join(folder, name)])).stdout,
      `-picture ${join(folder, name)}: ${reason}`,
    )
  }
})

t.test('a stream of the very name is served in place of a picture', async (t) => {
  const folder = t.testdir()
  makeFifo(folder, 'cd')
  makeFifo(folder, 'cd.jpg')
  const picture = join(folder, 'logo')
  writeFileSync(picture, PNG)
  const { url } = await startServer(t, ['-path', folder, '-picture', picture, '-pcm', 'cd'])
  const stream = await fetch(`${url}/cd.jpg`, { method: 'HEAD' })
  t.strictSame([stream.status, stream.headers.get('content-type')], [200, 'audio/wav'])
})

t.test('does not show the picture of a stream for members to others', async (t) => {
  const folder = t.testdir({ users: ANNA })
  const picture = join(folder, 'logo.jpg')
  writeFileSync(picture, JPEG)
  const { url } = await startServer(t, ['-demo', '-picture', picture, '-listen-users', join(folder, 'users')])
  t.equal((await fetch(`${url}/live.jpg`)).status, 401)
  t.equal((await fetch(`${url}/live.webmanifest`)).status, 401)
  t.equal((await fetch(`${url}/player/?qr`)).status, 401)
  const member = { headers: { Authorization: `Basic ${btoa('anna:hackme')}` } }
  const answer = await fetch(`${url}/live.jpg`, member)
  t.equal(answer.headers.get('cache-control'), 'private, no-cache')
  t.equal(answer.headers.get('cross-origin-resource-policy'), 'same-origin')
})

t.test(
  'serves the cover of the file that is played, before that of the station',
  { skip: needs('ffmpeg') },
  async (t) => {
    const folder = t.testdir({ music: {} })
    const picture = join(folder, 'logo.jpg')
    writeFileSync(picture, JPEG)
    const cover = join(folder, 'cover.png')
    ffmpeg('-f', 'lavfi', '-i', 'color=red:s=64x64', '-frames:v', '1', cover)
    const sound = ['-f', 'lavfi', '-i', 'sine=duration=20', '-i', cover, '-map', '0', '-map', '1', '-c:v', 'copy']
    ffmpeg(...sound, '-disposition:v', 'attached_pic', join(folder, 'music', '1.mp3'))
    const server = await startServer(t, ['-warm', '-picture', picture, '-play', join(folder, 'music')])
    await server.logged(/source opened/)
    const { headers } = await fetch(`${server.url}/live.jpg`)
    t.equal(headers.get('content-type'), 'image/png')
    t.same(await bytesAt(`${server.url}/live.jpg?station`), JPEG)
  },
)

t.test('reads a changed file after a few seconds, and asks for each cover once', async (t) => {
  const clock = createManualClock()
  const picture = join(t.testdir(), 'logo.jpg')
  writeFileSync(picture, JPEG)
  const asked: string[] = []
  const readCover = async (file: string) => {
    asked.push(file)
    return file === 'bad' ? Promise.reject(new Error('no such file')) : undefined
  }
  const log = keepLog()
  const pictures = createPictures(readCover, clock, log.logger)
  const streamOf = (file: string) =>
    ({ sourceState: { file }, plan: { page: { picture } }, log: log.logger }) as unknown as Stream
  const stream = streamOf('1.mp3')
  const first = (await pictures.versions(stream)).station
  writeFileSync(picture, PNG)
  t.equal((await pictures.versions(stream)).station, first)
  await clock.advance(5_000)
  t.not((await pictures.versions(stream)).station, first)
  t.equal((await pictures.read(stream, 'cover'))?.type, 'image/png')
  t.strictSame(asked, ['1.mp3'])
  t.equal((await pictures.versions(streamOf('bad'))).cover, undefined)
  t.strictSame(log.lines(), ['debug cover not read'])
})
