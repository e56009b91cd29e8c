import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import t from 'tap'
import { startProxy } from '../nginx.ts'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { needsChromium, startChromium } from './chromium.ts'
import { openPage, playsTo, press, says } from './player.ts'

const TONE = 'ffmpeg -v error -nostdin -re -f lavfi -i sine=frequency=440:sample_rate=44100 -b:a 128k -f mp3 -'

t.setTimeout(120_000)
t.test(
  'the player plays below the path of a proxy that ends HTTPS, whether or not the proxy reports it',
  { skip: needsChromium || needs('ffmpeg', 'nginx') },
  async (t) => {
    const browser = await startChromium(t)
    const server = await startServer(t, ['-warm', '-exec', TONE])
    const proxy = await startProxy(t, server.port)
    for (const url of [proxy.url, proxy.silentUrl]) {
      const { page, faults } = await openPage(t, browser, `${url}/`)
      await press(page)
      await says(page, 'Live')
      await playsTo(page, 1)
      await page.click('.elsewhere summary')
      t.equal(await page.innerText('#address'), `${url}/`, 'other players are led to the same')
      t.strictSame(faults, [], url)
      await page.context().close()
    }
  },
)

t.test(
  'the status and the switch to low delay work below the path of a proxy',
  { skip: needsChromium || needs('nginx') },
  async (t) => {
    const browser = await startChromium(t)
    const server = await startServer(t, ['-warm', '-status', 'all', '-demo'])
    const proxy = await startProxy(t, server.port)
    const player = await openPage(t, browser, `${proxy.url}/player/`)
    await player.page.locator('#low-delay').waitFor()
    await player.page.click('label.switch')
    await press(player.page)
    await server.logged(/listener connected.*WebSocket/)
    await says(player.page, 'Live')
    const status = await openPage(t, browser, `${proxy.url}/status`)
    await status.page.locator('#connection', { hasText: 'Connected' }).waitFor()
    t.equal(await status.page.innerText('a.address'), `${proxy.url}/`)
    t.equal((await status.page.request.get(`${proxy.url}/status/qr.svg`)).status(), 200)
    t.strictSame([...player.faults, ...status.faults], [])
  },
)

/** Starts a separate site whose page embeds another one in a frame. @returns its address */
async function startSite(t: Test, framed: string): Promise<string> {
  const site = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><title>Site</title><link rel="icon" href="data:,"><iframe src="${framed}"></iframe>`)
  }).listen(0, '127.0.0.1')
  await once(site, 'listening')
  t.teardown(() => site.close())
  return `http://localhost:${(site.address() as AddressInfo).port}/`
}

t.test(
  'the player plays in a frame of another site, unless -frame-ancestors forbids it',
  { skip: needsChromium || needs('ffmpeg') },
  async (t) => {
    const browser = await startChromium(t)
    const open = await startServer(t, ['-warm', '-exec', TONE])
    const page = await browser.playwright.newPage()
    await page.goto(await startSite(t, `${open.url}/`))
    const frame = page.frameLocator('iframe')
    await frame.locator('#play').click()
    await frame.locator('#state', { hasText: 'Live' }).waitFor()

    const shut = await startServer(t, ['-frame-ancestors', 'self', '-demo'])
    const refused = page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()))
    await page.goto(await startSite(t, `${shut.url}/`))
    t.match((await refused).text(), /frame-ancestors 'self'/)
  },
)
