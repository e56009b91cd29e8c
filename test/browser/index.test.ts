import t from 'tap'
import type { IndexEntry } from '../../src/endpoints/index/index-entry.ts'
import { entryOf, serveIndex } from '../endpoints/index/index-server.ts'
import { axeFaults } from './axe.ts'
import { inEngines } from './engines.ts'
import { openPage } from './player.ts'

const PHONE = { width: 390, height: 844 }
/** Streams with all kinds of texts. */
const STREAMS: readonly IndexEntry[] = [
  entryOf('/radio.mp3', {
    name: 'Night Radio',
    description: 'Jazz and soul from ten to six.',
    format: 'MP3, 128 kbit/s, 44.1 kHz, stereo',
    title: 'Nina Simone - Sinnerman',
    listeners: 1234,
  }),
  entryOf('/cd', { listen: '/cd?wav', format: 'PCM, 16 bit, 44.1 kHz, stereo', isOpen: false, listeners: 0 }),
  entryOf('/guests/<b>kitchen</b>', {
    title: 'W'.repeat(200),
    description: '<img src=x onerror=alert(1)>',
    listeners: 1,
  }),
  entryOf('/towers/north'),
]

t.setTimeout(290_000)
inEngines('the index', {}, async (t, engine) => {
  const browser = await engine.start(t)

  engine.test(t, 'shows a new title and the number of listeners without a reload', {}, async (t) => {
    const streams = [...STREAMS]
    const url = await serveIndex(t, () => streams)
    const { page, faults } = await openPage(t, browser, url)
    const first = page.locator('#streams > li').first()
    await first.getByText('Nina Simone - Sinnerman').waitFor()
    await page.evaluate('window.isTheSame = true')
    streams[0] = entryOf('/radio.mp3', {
      name: 'Night Radio',
      title: '<b>Feeling Good</b>',
      isOpen: false,
      listeners: 2,
    })
    await first.getByText('<b>Feeling Good</b>').waitFor()
    await first.getByText('2 listeners').waitFor()
    t.equal(await first.locator('.state').getAttribute('data-state'), '')
    t.ok(await page.evaluate('window.isTheSame'))
    t.strictSame(faults, [])
  })

  engine.test(t, 'shows a stream that has been added', {}, async (t) => {
    const streams = STREAMS.slice(0, 1)
    const url = await serveIndex(t, () => streams)
    const { page, faults } = await openPage(t, browser, url)
    streams.push(entryOf('/dj', { name: 'The booth' }))
    await page.getByRole('link', { name: 'The booth', exact: true }).waitFor()
    streams.length = 0
    await page.getByText('There are no streams yet').waitFor()
    t.strictSame(faults, [])
  })

  engine.test(t, 'is complete without JavaScript', {}, async (t) => {
    const url = await serveIndex(t, () => STREAMS)
    const { page } = await openPage(t, browser, url, { javaScriptEnabled: false })
    await page.getByRole('link', { name: 'Night Radio', exact: true }).click()
    await page.waitForURL(`${url}/player/radio.mp3`)
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    engine.test(t, `fits a phone, and axe finds nothing wrong, ${colorScheme}`, {}, async (t) => {
      const url = await serveIndex(t, () => STREAMS, { name: 'House of sound', description: 'All our streams.' })
      for (const viewport of [PHONE, { width: 1280, height: 800 }]) {
        const { page, faults } = await openPage(t, browser, url, { colorScheme, viewport })
        t.strictSame(await axeFaults(page), [])
        t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'))
        t.strictSame(faults, [])
      }
    })
  }
})
