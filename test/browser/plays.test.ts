import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { isStopped, needsChromium, playsTo, startChromium, timeOf } from './chromium.ts'

const TONE = 'ffmpeg -v error -nostdin -re -f lavfi -i sine=frequency=440 -b:a 128k'

/** A new page, and what the browser says against it. It is closed with the test. */
async function openPage(t: Test, browser: Browser): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext()
  t.teardown(() => context.close())
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  return { page, faults }
}

/** Plays an address by a player on somebody's own page, as if play had been pressed: `autoplay` waits for much more sound. */
async function play(t: Test, browser: Browser, address: string): Promise<Page> {
  const { page } = await openPage(t, browser)
  const player = `<!doctype html><audio src="${address}" preload="none"></audio>`
  await page.route('**/player', (route) => route.fulfill({ contentType: 'text/html', body: player }))
  await page.goto(new URL('/player', address).href)
  await page.evaluate('document.querySelector("audio").play()')
  return page
}

t.setTimeout(120_000)
t.test('in Chromium', { skip: needsChromium }, async (t) => {
  const browser = await startChromium(t)

  t.test('the page of the demo plays by itself', async (t) => {
    const server = await startServer(t, ['-demo'])
    const { page, faults } = await openPage(t, browser)
    await page.goto(server.url)
    await playsTo(page, 1)
    // Without its style the body would have a margin: the policy of the page admits it.
    t.equal(await page.evaluate('getComputedStyle(document.body).margin'), '0px')
    t.strictSame(faults, [])
    await page.close()
    t.match(await server.logged(/listener left/), /skipped=0 why=left/)
  })

  t.test('the page plays when somebody presses play, and stops when they press it again', async (t) => {
    const server = await startServer(t, ['-demo'])
    const { page } = await openPage(t, browser)
    await page.goto(server.url)
    // As in a browser that lets no page make noise by itself.
    await page.evaluate('document.querySelector("audio").pause()')
    const before = await timeOf(page)
    const press = () => page.locator('audio').click({ position: { x: 28, y: 27 } })
    await press()
    await playsTo(page, before + 0.5)
    await press()
    await isStopped(page)
    t.ok((await timeOf(page)) >= before + 0.5)
  })

  t.test('MP3 plays', { skip: needs('ffmpeg') }, async (t) => {
    const server = await startServer(t, ['-exec', `${TONE} -f mp3 -`])
    await playsTo(await play(t, browser, server.url), 1)
    t.match(await server.logged(/format found/), 'contentType=audio/mpeg')
  })

  t.test('AAC in ADTS plays', { skip: needs('ffmpeg') }, async (t) => {
    const server = await startServer(t, ['-exec', `${TONE} -c:a aac -f adts -`])
    await playsTo(await play(t, browser, server.url), 1)
    t.match(await server.logged(/format found/), 'contentType=audio/aac')
  })

  t.test("a recorder's bare samples play, as ?wav and on their page", { skip: needs('sox') }, async (t) => {
    const arecord = join(t.testdir(), 'arecord')
    writeFileSync(arecord, '#!/bin/sh\nexec sox -q -n -t raw -r 44100 -e signed -b 16 -c 2 - synth 600 sine 440\n')
    chmodSync(arecord, 0o755)
    const flags = ['-source-bandwidth', '176400', '-exec', `${arecord} -f cd --file-type raw`]
    const server = await startServer(t, flags)
    await playsTo(await play(t, browser, `${server.url}/?wav`), 1)
    const { page, faults } = await openPage(t, browser)
    await page.goto(server.url)
    await playsTo(page, 1)
    t.strictSame(faults, [])
  })
})
