import t, { type Test } from 'tap'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { axeFaults } from './axe.ts'
import { inEngines } from './engines.ts'
import { openPage, press, says } from './player.ts'
import type { WebPage } from './web-page.ts'

const TONE = 'ffmpeg -v error -nostdin -re -f lavfi -i sine=frequency=440:sample_rate=44100 -b:a 128k -f mp3 -'

/** Name of the focused element. */
function focused(page: WebPage): Promise<string> {
  return page.evaluate<string>(
    `(({ activeElement: on }) => on.getAttribute('aria-label') ?? on.innerText.trim())(document)`,
  )
}

/** Presses a key that moves the focus until this has it; "Back to live" is before it while the player is late, as on a busy machine. */
async function goTo(t: Test, page: WebPage, key: 'Tab' | 'Shift+Tab', name: string): Promise<void> {
  await page.keyboard.press(key)
  if ((await focused(page)) === 'Back to live') await page.keyboard.press(key)
  t.equal(await focused(page), name)
}

t.setTimeout(290_000)
inEngines('the player', { isCore: true, skip: needs('ffmpeg') }, async (t, engine) => {
  const browser = await engine.start(t)

  for (const colorScheme of ['light', 'dark'] as const) {
    engine.test(t, `has no violations that axe finds, in every state, ${colorScheme}`, {}, async (t) => {
      const server = await startServer(t, ['-warm', '-name', 'Night Radio', '-description', 'A line', '-exec', TONE])
      const { page, faults } = await openPage(t, browser, server.url, { colorScheme })
      await says(page, 'Press play')
      await page.click('.elsewhere summary')
      t.strictSame(await axeFaults(page), [], 'stopped')
      await press(page)
      t.strictSame(await axeFaults(page), [], 'connecting')
      await says(page, 'Live')
      await page.locator('#delay').waitFor()
      await page.click('#mute')
      t.strictSame(await axeFaults(page), [], 'playing')
      t.strictSame(faults, [])
      server.child.kill('SIGKILL')
      await says(page, 'Connection lost')
      t.strictSame(await axeFaults(page), [], 'lost')
    })
  }

  engine.test(t, 'reports a missing stream, and axe finds no violations', {}, async (t) => {
    const server = await startServer(t, ['-pcm', 'cd', '-path', t.testdir()])
    const { page } = await openPage(t, browser, `${server.url}/player/none`)
    await says(page, 'There is no stream at this address')
    t.strictSame(await axeFaults(page), [], 'absent')
  })

  engine.test(t, 'can be used by keys alone', { isCore: true }, async (t) => {
    const server = await startServer(t, ['-warm', '-exec', TONE])
    const { page } = await openPage(t, browser, server.url)
    await says(page, 'Press play')
    await page.keyboard.press('Tab')
    t.equal(await focused(page), 'Play')
    await page.keyboard.press('Enter')
    await says(page, 'Live')
    t.equal(await focused(page), 'Stop')
    await goTo(t, page, 'Tab', 'Mute')
    await page.keyboard.press('Tab')
    t.equal(await focused(page), 'Volume')
    await page.keyboard.press('Home')
    t.equal(await page.evaluate('document.querySelector("audio").volume'), 0)
    await page.keyboard.press('ArrowRight')
    t.ok((await page.evaluate<number>('document.querySelector("audio").volume')) > 0)
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Space')
    t.equal(await page.evaluate('document.querySelector("audio").muted'), true)
    await goTo(t, page, 'Shift+Tab', 'Stop')
    await page.keyboard.press('Space')
    await says(page, 'Press play')
  })
})
