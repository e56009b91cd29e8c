import t from 'tap'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { needsChromium, playsTo, startChromium, timeOf } from './chromium.ts'
import { startCuttingProxy } from './cutting-proxy.ts'
import { openPlayer, press, says, toneOf } from './player.ts'

const HZ = 440
/** Resolution of the analyser. */
const BIN_HZ = 6
/** Duration after which the proxy cuts a connection, in milliseconds: sound has started by then. */
const CUT_AFTER_MS = 3_000
const TONE = `ffmpeg -v error -nostdin -re -f lavfi -i sine=frequency=${HZ}:sample_rate=44100 -b:a 128k -f mp3 -`

t.setTimeout(180_000)
t.test('the player of a stream with HLS', { skip: needsChromium || needs('ffmpeg') }, async (t) => {
  const browser = await startChromium(t)

  t.test('plays it when the connection is cut again and again, and says so', async (t) => {
    const server = await startServer(t, ['-warm', '-hls', '-hls-segment', '2s', '-exec', TONE])
    const url = await startCuttingProxy(t, server.port, CUT_AFTER_MS)
    const { page } = await openPlayer(t, browser, url)
    const library = page.waitForRequest(/hls\.light\.js/)
    await press(page)
    await says(page, 'Live')
    t.notMatch(await page.innerText('#format'), 'HLS')
    await page.locator('#format', { hasText: 'plays in pieces (HLS), because the connection was cut' }).waitFor()
    await library
    const from = await timeOf(page)
    await says(page, 'Live')
    await playsTo(page, from + 5)
    const tone = await toneOf(page)
    t.ok(Math.abs(tone - HZ) < BIN_HZ, `${tone} Hz are heard`)
    t.match(await page.innerText('#behind'), /^\d+ ms behind live$/)
  })

  t.test('plays the endless response while it passes', async (t) => {
    const server = await startServer(t, ['-warm', '-hls', '-exec', TONE])
    const { page, faults } = await openPlayer(t, browser, server.url)
    await press(page)
    await says(page, 'Live')
    await playsTo(page, 3)
    t.equal(await page.evaluate('document.querySelector("audio").src.startsWith("http")'), true)
    t.strictSame(faults, [])
  })
})
