import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { startProxy } from '../nginx.ts'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { startChangingProxy } from './changing-proxy.ts'
import { inEngines } from './engines.ts'
import { openPage, playsTo, press, says } from './player.ts'

const TONE = 'ffmpeg -v error -nostdin -re -f lavfi -i sine=frequency=440:sample_rate=44100 -b:a 128k -f mp3 -'

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

t.setTimeout(180_000)
inEngines('below the path of a proxy that ends HTTPS', { skip: needs('ffmpeg', 'nginx') }, async (t, engine) => {
  const browser = await engine.start(t)

  engine.test(t, 'the player plays, whether or not the proxy reports it', {}, async (t) => {
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
      await page.close()
    }
  })

  engine.test(t, 'the status and the switch to low delay work', {}, async (t) => {
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
    t.equal(await status.page.evaluate('fetch("status/qr.svg").then(({ status }) => status)'), 200)
    t.strictSame([...player.faults, ...status.faults], [])
  })
})

inEngines('in a frame of another site', { skip: needs('ffmpeg') }, async (t, engine) => {
  const browser = await engine.start(t)

  engine.test(t, 'the player plays', {}, async (t) => {
    const server = await startServer(t, ['-warm', '-exec', TONE])
    const page = await browser.open(t, await startSite(t, `${server.url}/`), {}, () => {})
    const frame = page.frameLocator('iframe')
    await frame.locator('#play').click()
    await frame.locator('#state', { hasText: 'Live' }).waitFor()
  })

  engine.test(t, 'the player is not shown where -frame-ancestors forbids it', {}, async (t) => {
    const server = await startServer(t, ['-frame-ancestors', 'self', '-demo'])
    const { url, requests } = await startChangingProxy(t, server.port)
    await browser.open(t, await startSite(t, `${url}/`), {}, () => {})
    t.equal(requests[0], '/')
    t.notOk(
      requests.some((path) => path.includes('player.js')),
      'when all is loaded',
    )
  })
})
