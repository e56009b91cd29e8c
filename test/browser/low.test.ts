import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { startSecure } from '../tls/secure.ts'
import { axeFaults } from './axe.ts'
import { inEngines } from './engines.ts'
import { buildRoad, delayOf, type OpenedPage, press, says } from './player.ts'
import { hears, openAudible } from './talkers.ts'
import type { WebBrowser, WebPage } from './web-page.ts'

const HERTZ = 700
const RATE = 22_050
const TONE = `ffmpeg -v error -nostdin -re -f lavfi -i sine=frequency=${HERTZ}:sample_rate=${RATE}`
const PCM = ['-warm', '-pcm', `s16le:${RATE}:1`, '-exec', `${TONE} -f s16le -`]
const STALL_MS = 10_000
/** Delay that exceeds what sound card, network and browser need, on a machine under load, in milliseconds. */
const LITTLE_MS = 500

async function playLow(t: Test, browser: WebBrowser, url: string): Promise<OpenedPage<WebPage>> {
  const opened = await openAudible(t, browser, url)
  await opened.page.locator('#low').check()
  await press(opened.page)
  await says(opened.page, 'Live')
  return opened
}

/** Resolves when the page reports a delay of at most LITTLE_MS. */
async function isClose(page: WebPage): Promise<void> {
  while ((await delayOf(page)).behind > LITTLE_MS) await sleep(100)
}

t.setTimeout(290_000)
inEngines('low delay', { isCore: true, skip: needs('ffmpeg') }, async (t, engine) => {
  const browser = await engine.start(t)

  engine.test(t, 'plays samples at their own pitch, a little behind live', { isCore: true }, async (t) => {
    const server = await startServer(t, PCM)
    const { page, faults } = await playLow(t, browser, server.url)
    await server.logged(/listener connected .*over=WebSocket/)
    await hears(page, HERTZ)
    await isClose(page)
    t.strictSame(await axeFaults(page), [])
    await press(page)
    t.match(await server.logged(/listener disconnected/), /skipped=0 reason=disconnected/)
    t.strictSame(faults, [])
  })

  engine.test(t, 'plays WAV', {}, async (t) => {
    const server = await startServer(t, ['-warm', '-exec', `${TONE} -c:a pcm_s24le -f wav -`])
    const { page } = await playLow(t, browser, server.url)
    await hears(page, HERTZ)
    await isClose(page)
  })

  engine.test(t, 'plays over HTTPS with a self-signed certificate', {}, async (t) => {
    const server = await startSecure(t, PCM)
    const { page, faults } = await playLow(t, browser, `https://127.0.0.1:${server.port}`)
    await hears(page, HERTZ)
    t.strictSame(faults, [])
  })

  engine.test(t, 'plays again by itself after the server was killed and restarted', {}, async (t) => {
    const first = await startServer(t, PCM)
    const { page } = await playLow(t, browser, first.url)
    await hears(page, HERTZ)
    first.child.kill('SIGKILL')
    await says(page, 'Connection lost. Trying again')
    await startServer(t, ['-address', `127.0.0.1:${first.port}`, ...PCM])
    await says(page, 'Live')
    await hears(page, HERTZ)
    await isClose(page)
  })

  engine.test(t, 'returns to its delay after the network was down for 10 s', {}, async (t) => {
    const server = await startServer(t, PCM)
    const road = await buildRoad(t, server.port)
    const { page } = await playLow(t, browser, road.url)
    await hears(page, HERTZ)
    road.block()
    await Promise.all([sleep(STALL_MS), says(page, /Connection lost|Waiting for more/)])
    road.unblock()
    await says(page, 'Live')
    await hears(page, HERTZ)
    await isClose(page)
    const { behind, kept } = await delayOf(page)
    t.comment(`${behind} ms behind, target ${kept} ms`)
  })
})
