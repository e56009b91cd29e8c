import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { axeFaults } from './axe.ts'
import { startChangingProxy } from './changing-proxy.ts'
import { inEngines } from './engines.ts'
import { startCuttingProxy } from './failing-proxies.ts'
import { openPage, press, says, toneOf } from './player.ts'
import type { WebPage } from './web-page.ts'

const FIRST_HZ = 440
const SECOND_HZ = 880
/** Resolution of the analyser. */
const BIN_HZ = 6
/** Time from which the tone is the second one, in seconds; the slider is shown some time later. */
const CHANGE_S = 10
/** Distance to the first tone when the slider is shown, in seconds. */
const BACK_S = 13
const TONES = `aevalsrc=sin(2*PI*${FIRST_HZ}*t)*lt(t\\,${CHANGE_S})+sin(2*PI*${SECOND_HZ}*t)*gte(t\\,${CHANGE_S}):s=44100`
const SOURCE = [
  'ffmpeg',
  '-v',
  'error',
  '-nostdin',
  '-re',
  '-f',
  'lavfi',
  '-i',
  TONES,
  '-b:a',
  '128k',
  '-f',
  'mp3',
  '-',
]
const BEHIND = 'Playing what was on before'

/** Keeps the handlers of media keys where tests can call them. */
const KEEP_KEYS = `window.mediaKeys = {}
  navigator.mediaSession.setActionHandler = (name, handler) => { window.mediaKeys[name] = handler }`

/** Distance from live that the page shows, in seconds. */
async function behind(page: WebPage): Promise<number> {
  return Number(/^(\d+) s behind live/.exec(await page.innerText('#behind'))?.[1])
}

t.setTimeout(180_000)
inEngines('the player of a stream with rewind', { skip: needs('ffmpeg') }, async (t, engine) => {
  const browser = await engine.start(t)

  engine.test(t, 'goes back to what was on before, and to live again', {}, async (t) => {
    const file = join(t.testdir({ title: 'First' }), 'title')
    const server = await startServer(t, ['-warm', '-rewind', '1m', '-title-file', file, '-exec', ...SOURCE])
    const { page, faults } = await openPage(t, browser, server.url, {})
    const slider = page.getByRole('slider', { name: 'Go back' })
    const title = (text: string) => page.locator('#title', { hasText: text }).waitFor()
    const hears = async (hz: number) => {
      const tone = await toneOf(page)
      t.ok(Math.abs(tone - hz) < BIN_HZ, `${tone} Hz are heard`)
    }
    await press(page)
    await says(page, 'Live')
    await title('First')
    await slider.waitFor()
    writeFileSync(file, 'Second')
    await title('Second')
    await hears(SECOND_HZ)
    t.strictSame(await axeFaults(page), [], 'live')

    await slider.fill(String(-BACK_S))
    await says(page, BEHIND)
    await title('First')
    await hears(FIRST_HZ)
    t.match(await slider.getAttribute('aria-valuetext'), /^1[2-6] s ago, First$/)
    t.ok(Math.abs((await behind(page)) - BACK_S) <= 3)

    await t.test('with a clip of what has been heard', async (t) => {
      const link = page.getByRole('link', { name: 'Save the last 30 s' })
      const clip = await fetch(new URL((await link.getAttribute('href')) ?? '', server.url))
      t.equal(clip.status, 200)
      t.match(clip.headers.get('content-disposition'), 'attachment')
      t.ok(Number(clip.headers.get('content-length')) > 0)
      const age = Number(/ago=(\d+)ms/.exec(clip.url)?.[1])
      t.ok(Math.abs(age - 30_000 - BACK_S * 1000) < 4_000, `${age} ms`)
      t.equal(await page.locator('#save a').filter({ visible: true }).count(), 1, 'longer ones are not there yet')
    })

    await t.test('and continues after a pause where it was', async (t) => {
      const before = await behind(page)
      await press(page)
      await says(page, 'Paused. Press play to continue.')
      t.equal(await page.getAttribute('#play', 'aria-label'), 'Play')
      await page.locator('#behind', { hasText: `${before + 3} s behind live` }).waitFor()
      await press(page)
      await says(page, BEHIND)
      t.ok((await behind(page)) >= before + 2)
    })

    t.strictSame(await axeFaults(page), [], 'behind')
    await page.click('#live')
    await says(page, 'Live')
    await title('Second')
    await hears(SECOND_HZ)

    await page.locator('#titles button', { hasText: 'First' }).click()
    await says(page, BEHIND)
    await title('First')
    t.strictSame(await axeFaults(page), [], 'with the list')
    t.strictSame(faults, [])
  })

  engine.test(t, 'goes back by keys, on the page and on a lock screen', {}, async (t) => {
    const server = await startServer(t, ['-warm', '-rewind', '1m', '-exec', ...SOURCE])
    const proxy = await startChangingProxy(t, server.port, { script: KEEP_KEYS })
    const { page } = await openPage(t, browser, proxy.url)
    await press(page)
    await says(page, 'Live')
    const slider = page.getByRole('slider', { name: 'Go back' })
    await slider.waitFor()
    await slider.focus()
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Home')
    await says(page, BEHIND)
    const oldest = await behind(page)
    t.ok(oldest >= 14, `${oldest} s`)
    await page.evaluate('mediaKeys.seekforward({ seekOffset: 5 })')
    await page.locator('#behind', { hasText: new RegExp(`^${oldest - 5} s|^${oldest - 4} s`) }).waitFor()
    await page.evaluate('mediaKeys.seekforward({ seekOffset: 100 })')
    await says(page, 'Live')
    await page.evaluate('mediaKeys.seekbackward({})')
    await says(page, BEHIND)
  })

  engine.test(t, 'continues where it was when the connection is cut', {}, async (t) => {
    const server = await startServer(t, ['-warm', '-rewind', '1m', '-exec', ...SOURCE])
    const proxy = await startChangingProxy(t, server.port)
    const { page } = await openPage(t, browser, await startCuttingProxy(t, proxy.port, 4_000))
    await press(page)
    await says(page, 'Live')
    const age = Number(/ago=(\d+)ms/.exec(await proxy.requested(/[?&]ago=\d+ms/))?.[1])
    t.ok(age > 2_000 && age < 8_000, `${age} ms`)
  })

  engine.test(t, 'has no slider without rewind', {}, async (t) => {
    const server = await startServer(t, ['-warm', '-exec', ...SOURCE])
    const proxy = await startChangingProxy(t, server.port)
    const { page } = await openPage(t, browser, proxy.url)
    await press(page)
    await says(page, 'Live')
    t.equal(await page.locator('#rewind, #save, #titles button, #hls').count(), 0)
    t.strictSame(
      proxy.requests.filter((file) => /(rewind|hls)\.part/.test(file)),
      [],
    )
    t.equal(await page.getAttribute('#play', 'aria-label'), 'Stop')
  })
})
