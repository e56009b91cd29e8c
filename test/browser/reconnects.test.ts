import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { numbers } from '../feeders.ts'
import { type Server, startServer } from '../streamserve.ts'
import { needsChromium, startChromium } from './chromium.ts'

const FLAGS = ['-frame-filter', 'raw', '-frame-bytes', '4', '-exec', ...numbers()]
const EVENTS = /\/status\/events$/
/** Longest pauses before the first retries, in milliseconds; the following ones are as long as the last. */
const PAUSES_MS = [250, 500, 1_000, 2_000, 3_000, 3_000]

/** Resolves when the page shows this state of its connection. */
function shows(page: Page, text: string): Promise<void> {
  return page.locator('#connection', { hasText: text }).waitFor()
}

/** Writes `failed` to the console of a page once it has handled a failed connection. */
const REPORT_FAILURES = `window.EventSource = class extends EventSource {
  constructor(url) {
    super(url)
    this.addEventListener('error', () => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => console.debug('failed')
      port2.postMessage('')
    })
  }
}`

/** Resolves when the page has handled a failed connection. */
async function failure(page: Page): Promise<void> {
  await page.waitForEvent('console', (message) => message.text() === 'failed')
}

/** Ends a server, and waits until a page, whose timers do not run, has noticed it. */
async function loseServer(server: Server, page: Page): Promise<void> {
  const failed = failure(page)
  server.child.kill('SIGKILL')
  await Promise.all([failed, server.exited])
  await shows(page, 'The server does not answer')
}

t.setTimeout(180_000)
t.test('a page that has lost its server', { skip: needsChromium }, async (t) => {
  const browser = await startChromium(t)

  /** Opens the status page; its timers run only when the test says so. */
  const open = async (t: Test, server: Server): Promise<Page> => {
    const page = await browser.playwright.newPage()
    t.teardown(() => page.close())
    await page.addInitScript(REPORT_FAILURES)
    await page.clock.install()
    await page.goto(`${server.url}/status`)
    await shows(page, 'Connected')
    await page.clock.pauseAt(Date.now() + 2_000)
    return page
  }

  t.test('retries after pauses that grow up to 3 s', async (t) => {
    const server = await startServer(t, FLAGS)
    const page = await open(t, server)
    await loseServer(server, page)
    let attempts = 0
    page.on('request', (request) => {
      if (EVENTS.test(request.url())) attempts++
    })
    for (const [at, pauseMs] of PAUSES_MS.entries()) {
      await page.clock.runFor(pauseMs * 0.7)
      t.equal(attempts, at, `not before ${pauseMs * 0.75} ms`)
      const failed = failure(page)
      await page.clock.runFor(pauseMs * 0.3)
      await failed
      t.equal(attempts, at + 1)
    }
    const again = await startServer(t, ['-address', `127.0.0.1:${server.port}`, ...FLAGS])
    await page.clock.runFor(3_000)
    await shows(page, 'Connected')
    await loseServer(again, page)
    const failed = failure(page)
    await page.clock.runFor(250)
    await failed
    t.pass('after a success, the first pause is short again')
  })

  for (const [event, target] of [
    ['online', 'window'],
    ['visibilitychange', 'document'],
  ]) {
    t.test(`connects at once on ${event}`, async (t) => {
      const server = await startServer(t, FLAGS)
      const page = await open(t, server)
      await loseServer(server, page)
      await startServer(t, ['-address', `127.0.0.1:${server.port}`, ...FLAGS])
      await page.evaluate(`${target}.dispatchEvent(new Event('${event}'))`)
      await shows(page, 'Connected')
      t.pass('while its timers do not run')
    })
  }
})
