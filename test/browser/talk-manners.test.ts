import { networkInterfaces } from 'node:os'
import t from 'tap'
import { startServer } from '../streamserve.ts'
import { startSecure } from '../tls/secure.ts'
import { axeFaults } from './axe.ts'
import { inEngines } from './engines.ts'
import { becomes, openAudible, startPair, startTalking } from './talkers.ts'
import type { WebPage } from './web-page.ts'

/** Returns a script that makes the browser refuse the microphone, for this reason. */
const refusing = (name: string) =>
  `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '${name}'))`

t.setTimeout(180_000)
inEngines('the talk page', {}, async (t, engine) => {
  const browser = await engine.start(t, { microphoneHz: 500 })

  for (const colorScheme of ['light', 'dark'] as const) {
    engine.test(t, `has no violations that axe finds, in every situation, ${colorScheme}`, {}, async (t) => {
      const server = await startServer(t, ['-demo', '-talk'])
      const { page, faults } = await openAudible(t, browser, `${server.url}/talk/kitchen`, { colorScheme })
      t.strictSame(await axeFaults(page), [], 'ready')
      await page.click('#start')
      await becomes(page, 'waiting')
      t.strictSame(await axeFaults(page), [], 'waiting')
      await startTalking(t, browser, `${server.url}/talk/kitchen`)
      await becomes(page, 'connected')
      await page.click('summary')
      t.strictSame(await axeFaults(page), [], 'connected')
      await page.click('#mute')
      t.strictSame(await axeFaults(page), [], 'muted')
      await page.click('text=Push to talk')
      t.strictSame(await axeFaults(page), [], 'push to talk')
      t.strictSame(faults, [])
      server.child.kill('SIGKILL')
      await becomes(page, 'away')
      t.strictSame(await axeFaults(page), [], 'away')
    })
  }

  engine.test(t, 'reports why there is no microphone', {}, async (t) => {
    const server = await startServer(t, ['-demo', '-talk'])
    const problems = [
      ['NotAllowedError', 'Microphone not allowed'],
      ['NotFoundError', 'No microphone'],
      ['NotReadableError', 'Microphone not working'],
    ] as const
    for (const [name, words] of problems) {
      const { page } = await openAudible(t, browser, `${server.url}/talk`, { script: refusing(name) })
      await page.click('#start')
      await becomes(page, 'problem')
      t.equal(await page.innerText('#title'), words)
      t.equal(await page.innerText('#start'), 'Try again')
      t.strictSame(await axeFaults(page), [], words)
    }
  })

  const address = addressInNetwork()
  const skip = address === undefined && 'needs an address in a network'
  engine.test(
    t,
    'names the address to open when it is opened over plain HTTP from another host',
    { skip },
    async (t) => {
      const plain = await startServer(t, ['-demo', '-talk', '-address', '0.0.0.0:0'])
      const without = await openAudible(t, browser, `http://${address}:${plain.port}/talk/kitchen`)
      t.match(await without.page.innerText('#remedy'), /-tls/)
      t.strictSame(await axeFaults(without.page), [], 'no HTTPS')
      const secure = await startSecure(t, ['-demo', '-talk', '-address', '0.0.0.0:0'])
      const { page } = await openAudible(t, browser, `http://${address}:${secure.port}/talk/kitchen`)
      const link = `https://${address}:${secure.port}/talk/kitchen`
      t.equal(await page.getAttribute('#remedy a', 'href'), link)
      t.notMatch(await page.innerText('#remedy'), /-tls/)
      await page.click('#remedy a')
      await page.waitForURL(link)
      await page.click('#start')
      await becomes(page, 'waiting')
    },
  )

  engine.test(t, 'can be used by keys alone', {}, async (t) => {
    const server = await startServer(t, ['-demo', '-talk'])
    const { page } = await openAudible(t, browser, `${server.url}/talk`)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await becomes(page, 'waiting')
    t.equal(await focused(page), 'Mute')
    await page.keyboard.press('Space')
    t.equal(await focused(page), 'Unmute')
    await page.keyboard.press('Tab')
    t.equal(await focused(page), 'Leave')
    await page.keyboard.press('Enter')
    await becomes(page, 'ready')
    t.equal(await focused(page), 'Start talking')
  })

  engine.test(t, 'changes the microphone in the middle of a conversation', {}, async (t) => {
    const server = await startServer(t, ['-demo', '-talk'])
    const [{ page, faults }] = await startPair(t, [browser, browser], `${server.url}/talk`)
    await page.click('summary')
    const options = page.locator('#device option')
    const last = (await options.allInnerTexts()).at(-1) ?? ''
    await page.selectOption('#device', { label: last })
    await page.locator('#device:enabled').waitFor()
    t.equal(await page.locator('#device option:checked').innerText(), last)
    t.strictSame(faults, [])
  })
})

/** Name of the focused element. */
function focused(page: WebPage): Promise<string> {
  return page.evaluate<string>('document.activeElement.innerText.trim()')
}

function addressInNetwork(): string | undefined {
  const all = Object.values(networkInterfaces()).flat()
  return all.find((one) => one !== undefined && !one.internal && one.family === 'IPv4')?.address
}
