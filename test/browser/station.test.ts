import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { startServer } from '../streamserve.ts'
import { axeFaults } from './axe.ts'
import { inEngines } from './engines.ts'
import { openPage, press, says } from './player.ts'

const PHONE = { width: 390, height: 844 }
const DESKTOP = { width: 1280, height: 800 }
const ICON = new URL('../../../src/web/shared/icon-180.png', import.meta.url)
const LONG = `Donaudampfschifffahrtsgesellschaft ${'W'.repeat(150)}`
/** Distance of the title, and of what is below it, from the top of the page. */
const PLACES = `['#title', '#volume'].map((selector) => Math.round(document.querySelector(selector).getBoundingClientRect().top))`

t.setTimeout(120_000)
inEngines('the page of a station', {}, async (t, engine) => {
  const browser = await engine.start(t)
  const folder = t.testdir({ title: 'First - Song' })
  const [title, picture] = [join(folder, 'title'), join(folder, 'logo')]
  writeFileSync(picture, readFileSync(ICON))
  const about = ['-name', 'مرحبا 📻', '-description', LONG, '-genre', 'Jazz', '-url', 'https://radio.example/']
  const flags = ['-demo', '-warm', '-status', 'all', '-picture', picture, '-title-file', title, ...about]
  const server = await startServer(t, flags)

  engine.test(t, 'shows picture, last titles and listeners, and nothing moves with the next title', {}, async (t) => {
    const { page, faults } = await openPage(t, browser, server.url, { viewport: DESKTOP })
    await page.locator('#titles li', { hasText: 'First - Song' }).waitFor()
    t.equal(await page.evaluate('document.querySelector("#picture").naturalWidth'), 180)
    await press(page)
    await says(page, 'Live')
    await page.locator('#listeners', { hasText: '1 listener' }).waitFor()
    await page.locator('#behind', { hasText: /^(\d+ s|Less than a second) behind live$/ }).waitFor()
    const artwork = await page.evaluate<string>('navigator.mediaSession.metadata.artwork[0].src')
    t.match(artwork, '/live.jpg?station=&v=', 'which is on a lock screen')
    const before = await page.evaluate(PLACES)
    writeFileSync(title, LONG)
    await page.locator('#title', { hasText: LONG }).waitFor()
    t.same(await page.evaluate(PLACES), before)
    await page.locator('#titles li').nth(1).waitFor()
    t.strictSame(await axeFaults(page), [])
    t.strictSame(faults, [])
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    engine.test(
      t,
      `fits a phone with everything unfolded, and axe finds nothing wrong, ${colorScheme}`,
      {},
      async (t) => {
        const { page, faults } = await openPage(t, browser, server.url, { viewport: PHONE, colorScheme })
        for (const name of ['Last titles', 'Share', 'Listen with another player'])
          await page.locator('summary', { hasText: name }).click()
        await page.evaluate('document.querySelector("#qr").decode()')
        t.equal(await page.locator('#share a').getAttribute('href'), `${server.url}/`)
        await page.getByRole('button', { name: 'Copy link' }).click()
        await page.getByRole('button', { name: 'Copied' }).waitFor()
        t.notOk(await page.evaluate('document.documentElement.scrollWidth > innerWidth'))
        t.strictSame(await axeFaults(page), [])
        t.strictSame(faults, [])
      },
    )
  }
})
