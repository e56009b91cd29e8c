import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { withSegments } from '../endpoints/hls/hls-server.ts'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { type ChangingProxy, startChangingProxy } from './changing-proxy.ts'
import { type Inabilities, inEngines } from './engines.ts'
import { startCollectingProxy } from './failing-proxies.ts'
import { NO_NATIVE_HLS } from './hls-sound.ts'
import { exactDelay, openPage, playsTo, press, says, timeOf, toneOf } from './player.ts'
import type { WebPage } from './web-page.ts'

const HZ = 440
/** Resolution of the analyser. */
const BIN_HZ = 6
/** Time within which connections have failed as often as is needed, in milliseconds: WebKitGTK notices a cut 6 s later. */
const FAILS_WITHIN_MS = 90_000
const SEGMENT_MS = 2_000
const FLAGS = ['-warm', '-hls', '-hls-segment', `${SEGMENT_MS}ms`]
/** A stand-in for Safari, which is not here: only the decision is tested. */
const BE_SAFARI = `Object.defineProperty(Navigator.prototype, 'vendor', { get: () => 'Apple Computer, Inc.' })
  const before = HTMLMediaElement.prototype.canPlayType
  HTMLMediaElement.prototype.canPlayType = function (type) {
    return type === 'application/vnd.apple.mpegurl' ? 'maybe' : before.call(this, type)
  }`
const TONE = `ffmpeg -v error -nostdin -re -f lavfi -i sine=frequency=${HZ}:sample_rate=44100 -b:a 128k -f mp3 -`

/** Not the page, but the engine: a core file shows `free` below the state changes of GStreamer 1.22. */
const NO_CUTS: Inabilities = { webkit: 'its process may end when the connection of MP3 is cut' }

/** Cuts each connection once it sounds, until the page has a note about its format. */
async function cutsUntil(page: WebPage, proxy: ChangingProxy, text: string): Promise<void> {
  const note = page.locator('#format', { hasText: text }).waitFor({ timeout: FAILS_WITHIN_MS })
  const noted = note.then(() => 'note' as const)
  while ((await Promise.race([noted, isHeard(page, proxy)])) === 'sound') proxy.cutSound()
}

async function isHeard(page: WebPage, proxy: ChangingProxy): Promise<'sound'> {
  await proxy.sounds()
  await says(page, 'Live')
  return 'sound'
}

t.setTimeout(290_000)
inEngines('the player of a stream with HLS', { skip: needs('ffmpeg') }, async (t, engine) => {
  const browser = await engine.start(t)

  engine.test(t, 'plays it when the connection is cut again and again, and says so', { cannot: NO_CUTS }, async (t) => {
    const file = join(t.testdir({ title: 'First' }), 'title')
    const server = await startServer(t, [...FLAGS, '-title-file', file, '-exec', TONE])
    const proxy = await startChangingProxy(t, server.port)
    const { page } = await openPage(t, browser, proxy.url)
    await press(page)
    await says(page, 'Live')
    t.notMatch(await page.innerText('#format'), 'HLS')
    await cutsUntil(page, proxy, 'plays in pieces (HLS), because the connection was cut')
    await proxy.requested(/hls\.light\.js/)
    await says(page, 'Live')
    await playsTo(page, (await timeOf(page)) + 3)
    const tone = await toneOf(page)
    t.ok(Math.abs(tone - HZ) < BIN_HZ, `${tone} Hz are heard`)
    const behindMs = Number(/^(\d+) ms/.exec(await exactDelay(page))?.[1])
    t.ok(behindMs > SEGMENT_MS && behindMs < 10 * SEGMENT_MS, `${behindMs} ms`)
    writeFileSync(file, 'Second')
    await server.logged(/title=.*Second/)
    const changedAt = performance.now()
    await page.locator('#title', { hasText: 'Second' }).waitFor()
    t.ok(performance.now() - changedAt > SEGMENT_MS, 'the title is shown when it is heard')
  })

  engine.test(t, 'plays it when endless responses do not arrive', {}, async (t) => {
    const server = await startServer(t, [...FLAGS, '-exec', TONE])
    const { page } = await openPage(t, browser, await startCollectingProxy(t, server.port))
    await press(page)
    const note = page.locator('#format', { hasText: 'because its sound did not arrive otherwise' })
    await note.waitFor({ timeout: FAILS_WITHIN_MS })
    await says(page, 'Live')
    await playsTo(page, (await timeOf(page)) + 3)
    const tone = await toneOf(page)
    t.ok(Math.abs(tone - HZ) < BIN_HZ, `${tone} Hz are heard`)
  })

  engine.test(
    t,
    'plays it from the beginning in a browser that is said to be Safari, and goes back without it',
    { cannot: NO_NATIVE_HLS },
    async (t) => {
      const encoder = TONE.replace('-f mp3', '-c:a aac -f adts')
      const server = await startServer(t, [...FLAGS, '-rewind', '1m', '-exec', encoder])
      const { page } = await openPage(t, browser, server.url, { script: BE_SAFARI })
      await page.locator('#format', { hasText: /AAC.* · plays in pieces \(HLS\)$/ }).waitFor()
      // Chromium plays no live playlist of fewer segments by itself; Safari does.
      await withSegments(`${server.url}/hls/live.m3u8`, 3)
      const source = () => page.evaluate<string>('document.querySelector("audio").src')
      await press(page)
      await says(page, 'Live')
      await playsTo(page, 3)
      t.equal(await source(), `${server.url}/hls/live.m3u8`, 'Chromium plays packed AAC by itself, too')
      const slider = page.getByRole('slider', { name: 'Go back' })
      await slider.waitFor()
      await slider.fill('-12')
      await says(page, 'Playing what was on before')
      t.match(await source(), /\?ago=\d+ms$/)
    },
  )

  engine.test(t, 'gives it up when it has no sound either', { cannot: NO_CUTS }, async (t) => {
    const server = await startServer(t, [...FLAGS, '-exec', TONE])
    const proxy = await startChangingProxy(t, server.port, {
      answer(path, response) {
        const isLibrary = path.includes('hls.light.js')
        if (isLibrary) response.destroy()
        return isLibrary
      },
    })
    const { page } = await openPage(t, browser, proxy.url)
    await press(page)
    await cutsUntil(page, proxy, 'HLS')
    await page.locator('#format', { hasText: 'HLS' }).waitFor({ state: 'detached', timeout: FAILS_WITHIN_MS })
    await says(page, 'Live')
    t.match(await page.evaluate('document.querySelector("audio").src'), /at=\d+$/)
  })

  engine.test(t, 'plays the endless response while it passes', {}, async (t) => {
    const server = await startServer(t, [...FLAGS, '-exec', TONE])
    const { page, faults } = await openPage(t, browser, server.url)
    await press(page)
    await says(page, 'Live')
    await playsTo(page, 3)
    t.equal(await page.evaluate('document.querySelector("audio").src.startsWith("http")'), true)
    t.strictSame(faults, [])
  })
})
