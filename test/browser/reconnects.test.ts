import t, { type Test } from 'tap'
import { numbers } from '../feeders.ts'
import { type Server, startServer } from '../streamserve.ts'
import { inEngines } from './engines.ts'
import { openPage } from './player.ts'
import type { WebPage } from './web-page.ts'

const FLAGS = ['-frame-filter', 'raw', '-frame-bytes', '4', '-exec', ...numbers()]
/** Longest pauses before the first retries, in milliseconds; the following ones are as long as the last. */
const PAUSES_MS = [250, 500, 1_000, 2_000, 3_000, 3_000]

/** Timers that run only when the test advances them; those that were set before are cleared as usual. */
const CLOCK = `
const timers = new Map()
const { clearTimeout } = window
let now = 0
let lastId = 1e9
window.setTimeout = (run, ms = 0) => {
  timers.set(++lastId, { at: now + ms, run })
  return lastId
}
window.clearTimeout = (id) => {
  if (!timers.delete(id)) clearTimeout(id)
}
window.runFor = (ms) => {
  const until = now + ms
  const next = () => [...timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0]
  for (let due = next(); due !== undefined; due = next()) {
    const [id, { at, run }] = due
    timers.delete(id)
    now = at
    run()
  }
  now = until
}`

/** Counts connections, and those whose failure the page has handled. */
const COUNT = `
const EventSource = window.EventSource
window.attempts = 0
window.failures = 0
window.EventSource = class extends EventSource {
  constructor(url) {
    super(url)
    window.attempts++
    this.addEventListener('error', () => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        window.failures++
        document.dispatchEvent(new Event('failure'))
      }
      port2.postMessage('')
    })
  }
}`

/** Resolves when the page shows this state of its connection. */
function shows(page: WebPage, text: string): Promise<void> {
  return page.locator('#connection', { hasText: text }).waitFor()
}

function runFor(page: WebPage, ms: number): Promise<void> {
  return page.evaluate(`runFor(${ms})`)
}

/** Number of connections that the page has opened. */
function attemptsOf(page: WebPage): Promise<number> {
  return page.evaluate('attempts')
}

/** Resolves when the page has handled the failure of all connections that it has opened. */
function haveFailed(page: WebPage): Promise<void> {
  return page.evaluate(`new Promise((resolve) => {
    const look = () => failures === attempts && resolve()
    document.addEventListener('failure', look)
    look()
  })`)
}

/** Ends a server, and waits until a page, whose timers do not run, has noticed it. */
async function loseServer(server: Server, page: WebPage): Promise<void> {
  server.child.kill('SIGKILL')
  await Promise.all([shows(page, 'The server does not answer'), server.exited])
}

t.setTimeout(180_000)
inEngines('a page that has lost its server', {}, async (t, engine) => {
  const browser = await engine.start(t)

  const open = async (t: Test, server: Server): Promise<WebPage> => {
    const { page } = await openPage(t, browser, `${server.url}/status`, { script: `{${CLOCK}\n${COUNT}}` })
    await shows(page, 'Connected')
    return page
  }

  engine.test(t, 'retries after pauses that grow up to 3 s', {}, async (t) => {
    const server = await startServer(t, FLAGS)
    const page = await open(t, server)
    await loseServer(server, page)
    const before = await attemptsOf(page)
    for (const [at, pauseMs] of PAUSES_MS.entries()) {
      await runFor(page, pauseMs * 0.7)
      t.equal((await attemptsOf(page)) - before, at, `not before ${pauseMs * 0.75} ms`)
      await runFor(page, pauseMs * 0.3)
      t.equal((await attemptsOf(page)) - before, at + 1, `within ${pauseMs} ms`)
      await haveFailed(page)
    }
    const again = await startServer(t, ['-address', `127.0.0.1:${server.port}`, ...FLAGS])
    await runFor(page, 3_000)
    await shows(page, 'Connected')
    await loseServer(again, page)
    const afterSuccess = await attemptsOf(page)
    await runFor(page, 250)
    t.equal((await attemptsOf(page)) - afterSuccess, 1, 'after a success, the first pause is short again')
  })

  for (const [event, target] of [
    ['online', 'window'],
    ['visibilitychange', 'document'],
  ]) {
    engine.test(t, `connects at once on ${event}`, {}, async (t) => {
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
