import t from 'tap'
import { startServer } from '../streamserve.ts'
import { startSecure } from '../tls/secure.ts'
import { inEngines } from './engines.ts'
import { hears, hearsNothing, startPair, toneIn } from './talkers.ts'
import type { WebBrowser } from './web-page.ts'

const [LOW, HIGH] = [500, 1_300]

t.setTimeout(290_000)
inEngines('two participants', { isCore: true }, async (t, engine) => {
  const browsers: [WebBrowser, WebBrowser] = [
    await engine.start(t, { microphoneHz: LOW }),
    await engine.start(t, { microphoneHz: HIGH }),
  ]

  engine.test(t, 'hear each other and not themselves, in Opus', { isCore: true }, async (t) => {
    const server = await startServer(t, ['-demo', '-talk'])
    const [one, other] = await startPair(t, browsers, `${server.url}/talk`)
    await Promise.all([hears(one.page, HIGH), hears(other.page, LOW)])
    // On a busy machine there are gaps of silence, but a talker never hears their own sound.
    for (let i = 0; i < 20; i++) t.not(Math.round((await toneIn(one.page)) / 100), LOW / 100)
    await one.page.locator('#figures', { hasText: 'Opus' }).waitFor({ state: 'attached' })
    t.strictSame([...one.faults, ...other.faults], [])
  })

  engine.test(t, 'hear each other in PCM when one of them has no WebCodecs', {}, async (t) => {
    const server = await startServer(t, ['-demo', '-talk'])
    const [one, other] = await startPair(t, browsers, `${server.url}/talk`, ['', 'delete window.AudioEncoder'])
    await Promise.all([hears(one.page, HIGH), hears(other.page, LOW)])
    await one.page.locator('#figures', { hasText: 'PCM' }).waitFor({ state: 'attached' })
    t.strictSame([...one.faults, ...other.faults], [])
  })

  engine.test(t, 'hear each other over HTTPS with a self-signed certificate', {}, async (t) => {
    const server = await startSecure(t, ['-demo', '-talk'])
    const [one, other] = await startPair(t, browsers, `https://127.0.0.1:${server.port}/talk/kitchen`)
    await Promise.all([hears(one.page, HIGH), hears(other.page, LOW)])
    t.strictSame([...one.faults, ...other.faults], [])
  })

  engine.test(t, 'are not heard while they are muted, which the other page shows', {}, async (t) => {
    const server = await startServer(t, ['-demo', '-talk'])
    const [one, other] = await startPair(t, browsers, `${server.url}/talk`)
    await hears(other.page, LOW)
    await one.page.click('#mute')
    await other.page.locator('#detail', { hasText: 'Your partner is muted' }).waitFor()
    await hearsNothing(other.page)
    await hears(one.page, HIGH)
    await one.page.keyboard.down('Space')
    await hears(other.page, LOW)
    await one.page.keyboard.up('Space')
    await hearsNothing(other.page)
    await one.page.click('text=Unmute')
    await other.page.locator('#detail', { hasText: 'Your partner is here' }).waitFor()
    await hears(other.page, LOW)
  })

  engine.test(t, 'are heard only while they hold the space bar or the button, with push to talk', {}, async (t) => {
    const server = await startServer(t, ['-demo', '-talk'])
    const [one, other] = await startPair(t, browsers, `${server.url}/talk`)
    await one.page.click('summary')
    await one.page.click('text=Push to talk')
    await hearsNothing(other.page)
    await one.page.keyboard.down('Space')
    await hears(other.page, LOW)
    await one.page.keyboard.up('Space')
    await hearsNothing(other.page)
    await one.page.hover('#hold')
    await one.page.mouse.down()
    await hears(other.page, LOW)
    await one.page.mouse.up()
    await hearsNothing(other.page)
  })
})
