import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { distanceText } from '../../src/web/shared/distance-text.ts'
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
/** A time in the first tone, in seconds: it is heard for long enough, also when the source is late. */
const FIRST_S = 5
/** Largest difference of positions, in seconds, on a machine under load. */
const NEAR_S = 3
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
/** Duration after which the proxy cuts a connection, and longest silence then, in milliseconds: WebKitGTK stands still for 6 s. */
const CUT_AFTER_MS = 4_000
const MOST_SILENCE_MS = 14_000
const AGO = /[?&]ago=(\d+)ms/
const BEHIND = 'Playing what was on before'

/** Keeps the handlers of media keys where tests can call them. */
const KEEP_KEYS = `window.mediaKeys = {}
  navigator.mediaSession.setActionHandler = (name, handler) => { window.mediaKeys[name] = handler }`

/** Distance from live that the page shows, in seconds. */
async function behind(page: WebPage): Promise<number> {
  const [, min = 0, s = 0] = /^(?:(\d+) min )?(?:(\d+) s )?behind live/.exec(await page.innerText('#behind')) ?? []
  return Number(min) * 60 + Number(s)
}

/** Resolves when a page shows one of these distances from live, in seconds. */
function isBehind(page: WebPage, ...distances: readonly number[]): Promise<void> {
  const texts = distances.map((s) => `${distanceText(s * 1000)} behind live`)
  return page.locator('#behind', { hasText: new RegExp(`^(${texts.join('|')})`) }).waitFor()
}

t.setTimeout(180_000)
inEngines('the player of a stream with rewind', { skip: needs('ffmpeg') }, async (t, engine) => {
  const browser = await engine.start(t)
  const file = join(t.testdir({ title: 'First' }), 'title')
  const server = await startServer(t, ['-warm', '-rewind', '2m', '-title-file', file, '-exec', ...SOURCE])
  await server.logged(/source opened/)
  const startedAt = performance.now()

  engine.test(t, 'goes back to what was on before, and to live again', {}, async (t) => {
    const { page, faults } = await openPage(t, browser, server.url, {})
    const slider = page.getByRole('slider', { name: 'Go back' })
    const title = (text: string) => page.locator('#title', { hasText: text }).waitFor()
    // A browser may still play some of what it had before.
    const hears = async (hz: number) => {
      while (Math.abs((await toneOf(page)) - hz) > BIN_HZ);
    }
    await press(page)
    await says(page, 'Live')
    await title('First')
    await slider.waitFor()
    writeFileSync(file, 'Second')
    await title('Second')
    await hears(SECOND_HZ)
    t.strictSame(await axeFaults(page), [], 'live')

    const backS = Math.round((performance.now() - startedAt) / 1000) - FIRST_S
    await slider.fill(String(-backS))
    await says(page, BEHIND)
    await title('First')
    await hears(FIRST_HZ)
    t.match(await slider.getAttribute('aria-valuetext'), /^\d+ s ago, First$/)
    t.ok(Math.abs((await behind(page)) - backS) <= NEAR_S)

    await t.test('with a clip of what has been heard', async (t) => {
      const link = page.getByRole('link', { name: 'Save the last 30 s' })
      const clip = await fetch(new URL((await link.getAttribute('href')) ?? '', server.url))
      t.equal(clip.status, 200)
      t.match(clip.headers.get('content-disposition'), 'attachment')
      t.ok(Number(clip.headers.get('content-length')) > 0)
      const age = Number(/ago=(\d+)ms/.exec(clip.url)?.[1])
      t.ok(Math.abs(age / 1000 - 30 - (await behind(page))) < NEAR_S, `${age} ms`)
      t.equal(await page.locator('#save a').filter({ visible: true }).count(), 1, 'longer ones are not there yet')
    })

    await t.test('and continues after a pause where it was', async (t) => {
      const before = await behind(page)
      await press(page)
      await says(page, 'Paused. Press play to continue.')
      t.equal(await page.getAttribute('#play', 'aria-label'), 'Play')
      await isBehind(page, before + 3)
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
    await isBehind(page, oldest - 5, oldest - 4)
    await page.evaluate('mediaKeys.seekforward({ seekOffset: 100 })')
    await says(page, 'Live')
    await page.evaluate('mediaKeys.seekbackward({})')
    await says(page, BEHIND)
  })

  engine.test(t, 'continues where it was when the connection is cut', {}, async (t) => {
    const proxy = await startChangingProxy(t, server.port)
    const { page } = await openPage(t, browser, await startCuttingProxy(t, proxy.port, CUT_AFTER_MS))
    await press(page)
    await says(page, 'Live')
    const slider = page.getByRole('slider', { name: 'Go back' })
    await slider.waitFor()
    await slider.fill('-14')
    const [, before] = AGO.exec(await proxy.requested(AGO)) ?? []
    // WebKitGTK requests the same again by itself.
    const [, after] = AGO.exec(await proxy.requested(new RegExp(`ago=(?!${before}ms)`))) ?? []
    const silenceMs = Number(after) - Number(before)
    t.ok(silenceMs >= 0 && silenceMs < MOST_SILENCE_MS, `${silenceMs} ms are added by the cut`)
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
