import t, { type Test } from 'tap'
import { type Client, listen } from '../client.ts'
import { TOKEN } from '../endpoints/live/live-publisher.ts'
import { startServer } from '../streamserve.ts'
import { startSecure } from '../tls/secure.ts'
import { axeFaults } from './axe.ts'
import { inEngines } from './engines.ts'
import type { OpenedPage } from './player.ts'
import { becomes, openAudible } from './talkers.ts'
import type { WebBrowser, WebPage } from './web-page.ts'

const HERTZ = 500
const RATE = 48_000
const HEADER_BYTES = 44
const FLAGS = ['-demo', '-talk', '-live-token', TOKEN]

/** Opens the page of a stream, and starts publishing. */
async function publish(t: Test, browser: WebBrowser, url: string): Promise<OpenedPage<WebPage>> {
  const opened = await openAudible(t, browser, `${url}#${TOKEN}`)
  await opened.page.click('#go')
  await becomes(opened.page, 'onAir')
  return opened
}

/** Resolves with the next second of sound of a listener, once it has arrived. */
async function nextSecond(client: Client): Promise<number[]> {
  const from = client.body().length
  const body = await client.bodyHas(from + 2 * RATE)
  const begin = from - ((from - HEADER_BYTES) % 2)
  return Array.from({ length: RATE - 1 }, (_, at) => body.readInt16LE(begin + 2 * at) / 0x8000)
}

/** Share of a tone in the energy of some sound, from 0 to 1 (Goertzel algorithm). */
function share(sound: readonly number[], hertz: number): number {
  let [re, im, all] = [0, 0, 0]
  for (const [at, value] of sound.entries()) {
    re += value * Math.cos((2 * Math.PI * hertz * at) / RATE)
    im += value * Math.sin((2 * Math.PI * hertz * at) / RATE)
    all += value * value
  }
  return (2 * (re * re + im * im)) / sound.length / Math.max(all, 1e-9)
}

/** Resolves when a second of a listener's sound contains the tone of the microphone, or is all silence. */
async function hears(client: Client, what: 'the tone' | 'silence'): Promise<void> {
  for (;;) {
    const sound = await nextSecond(client)
    // The tone has pauses, which spreads its spectrum slightly.
    if (what === 'the tone' ? share(sound, HERTZ) > 0.5 : sound.every((sample) => sample === 0)) return
  }
}

function listeners(page: WebPage, count: number): Promise<void> {
  return page.locator('#listeners', { hasText: new RegExp(`^${count}$`) }).waitFor()
}

t.setTimeout(290_000)
inEngines('a browser on air', { isCore: true }, async (t, engine) => {
  const browser = await engine.start(t, { microphoneHz: HERTZ })

  engine.test(t, 'is heard by curl, which is counted', { isCore: true }, async (t) => {
    const server = await startServer(t, FLAGS)
    const { page, faults } = await publish(t, browser, `${server.url}/live/kitchen`)
    const curl = listen(t, server.port, '/kitchen')
    await hears(curl, 'the tone')
    await listeners(page, 1)
    t.strictSame(await axeFaults(page), [])
    t.strictSame(faults, [])
    t.notMatch(server.log(), TOKEN)
  })

  engine.test(t, 'is silent while it is muted, and the stream continues', {}, async (t) => {
    const server = await startServer(t, FLAGS)
    const { page } = await publish(t, browser, `${server.url}/live/kitchen`)
    const curl = listen(t, server.port, '/kitchen')
    await hears(curl, 'the tone')
    await page.click('#mute')
    await page.locator('#state', { hasText: 'Muted' }).waitFor()
    await hears(curl, 'silence')
    await page.click('#mute')
    await hears(curl, 'the tone')
  })

  engine.test(t, 'disconnects and reconnects while listeners stay connected', {}, async (t) => {
    const server = await startServer(t, FLAGS)
    const { page } = await publish(t, browser, `${server.url}/live/kitchen`)
    const curl = listen(t, server.port, '/kitchen')
    await hears(curl, 'the tone')
    await page.click('#go')
    await becomes(page, 'ready')
    await server.logged(/publisher disconnected/)
    await page.click('#go')
    await becomes(page, 'onAir')
    await hears(curl, 'the tone')
    t.equal(server.count(/listener disconnected/), 0)
  })

  engine.test(t, 'is refused, with the reason, while another browser is on air', {}, async (t) => {
    const server = await startServer(t, FLAGS)
    await publish(t, browser, `${server.url}/live/kitchen`)
    const { page } = await openAudible(t, browser, `${server.url}/live/kitchen#${TOKEN}`)
    await page.click('#go')
    await becomes(page, 'refused')
    t.equal(await page.innerText('#state'), 'Already on air')
    t.strictSame(await axeFaults(page), [])
  })

  engine.test(t, 'needs the token, from the address or typed', {}, async (t) => {
    const server = await startServer(t, FLAGS)
    const { page } = await openAudible(t, browser, `${server.url}/live`)
    await page.fill('#name', 'my kitchen')
    await page.click('#go')
    await page.locator('#token').waitFor()
    t.equal(await page.evaluate('location.pathname'), '/live/my%20kitchen')
    t.strictSame(await axeFaults(page), [])
    await page.fill('#token', 'something-else')
    await page.click('#go')
    await becomes(page, 'refused')
    t.equal(await page.innerText('#state'), 'Wrong token')
    await page.fill('#token', TOKEN)
    await page.keyboard.press('Enter')
    await becomes(page, 'onAir')
    await hears(listen(t, server.port, '/my%20kitchen'), 'the tone')
  })

  engine.test(t, 'is on air again by itself after the server was killed and restarted', {}, async (t) => {
    const first = await startServer(t, FLAGS)
    const { page } = await publish(t, browser, `${first.url}/live/kitchen`)
    first.child.kill('SIGKILL')
    await becomes(page, 'away')
    const second = await startServer(t, ['-address', `127.0.0.1:${first.port}`, ...FLAGS])
    await becomes(page, 'onAir')
    await hears(listen(t, second.port, '/kitchen'), 'the tone')
  })

  engine.test(t, 'is heard over HTTPS with a self-signed certificate', {}, async (t) => {
    const server = await startSecure(t, FLAGS)
    const { faults } = await publish(t, browser, `https://127.0.0.1:${server.port}/live/kitchen`)
    await hears(listen(t, server.port, '/kitchen'), 'the tone')
    t.strictSame(faults, [])
  })
})
