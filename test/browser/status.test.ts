import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { connectTo, listen } from '../client.ts'
import { numbers } from '../feeders.ts'
import { runProgram } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { axeFaults } from './axe.ts'
import { inEngines } from './engines.ts'
import { openPage } from './player.ts'
import type { WebLocator, WebPage } from './web-page.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']
const PHONE = { width: 390, height: 844 }

/** Locates a part of the page by name; the first stream's where there are several. */
function part(page: WebPage, name: string): WebLocator {
  return page.locator(`[data-part="${name}"]`).first()
}

/** Resolves when a visible part of the page has this text. */
function shows(page: WebPage, name: string, text: string | RegExp): Promise<void> {
  return part(page, name).filter({ hasText: text, visible: true }).waitFor()
}

function isConnected(page: WebPage): Promise<void> {
  return page.locator('#connection', { hasText: 'Connected' }).waitFor()
}

t.setTimeout(290_000)
inEngines('the status page', { isCore: true }, async (t, engine) => {
  const browser = await engine.start(t)

  engine.test(t, 'shows within a second that a listener has connected or disconnected', { isCore: true }, async (t) => {
    const server = await startServer(t, [...RAW, '-exec', ...numbers()])
    const { page, faults } = await openPage(t, browser, `${server.url}/status`)
    await isConnected(page)
    await shows(page, 'state', 'Closed, no listeners')
    await shows(page, 'listeners', '0')
    const began = performance.now()
    const listener = listen(t, server.port)
    await shows(page, 'listeners', '1')
    t.ok(performance.now() - began < 1_000)
    await shows(page, 'state', 'Open for')
    t.equal(await part(page, 'state').getAttribute('data-state'), 'good')
    t.match(await part(page, 'chart').getAttribute('aria-label'), /^1 listener now/)
    listener.socket.destroy()
    await shows(page, 'listeners', '0')
    t.strictSame(faults, [])
  })

  engine.test(t, 'shows how far listeners can go back', {}, async (t) => {
    const server = await startServer(t, ['-demo', '-rewind', '90s', '-warm'])
    const { page } = await openPage(t, browser, `${server.url}/status`)
    await shows(page, 'figures', /Goes back\s*\d+ s of 1 min 30 s, \d/)
  })

  engine.test(t, 'shows why a source fails, and the end of its standard error', {}, async (t) => {
    const server = await startServer(t, [...RAW, '-exec', 'echo the microphone is gone >&2; exit 3'])
    const { page } = await openPage(t, browser, `${server.url}/status`)
    listen(t, server.port)
    // The command runs again and again, so each of these is true for a while.
    await page.locator('[data-part="state"][data-state="bad"]', { hasText: 'Failed, retry' }).waitFor()
    await shows(page, 'why', /^Exit code 3, \d s ago\./)
    await shows(page, 'last-words', 'the microphone is gone')
    while (!/1 problem/.test(await page.title())) await sleep(100)
    await page.getByText('Last output of the command').click()
    await shows(page, 'stderr', /(the microphone is gone.*){2}/)
  })

  engine.test(t, 'shows the publisher, and that the next one is awaited', {}, async (t) => {
    const server = await startServer(t, [...RAW, '-publish', '-publish-anybody'])
    const { page, faults } = await openPage(t, browser, `${server.url}/status`)
    const head = 'PUT /dj HTTP/1.1\r\nHost: a\r\nUser-Agent: butt 0.1.37 <b>\r\n\r\n'
    const publisher = connectTo(t, server.port, `${head}${'1234'.repeat(100)}`)
    await shows(page, 'origin', /^Published from 127\.0\.0\.1 \(butt 0\.1\.37 <b>\) since \d/)
    t.strictSame(await axeFaults(page), [])
    publisher.socket.end()
    await shows(page, 'state', 'Waiting for a publisher')
    t.notOk(await part(page, 'origin').isVisible())
    t.strictSame(faults, [])
  })

  engine.test(t, 'shows what is heard while the publisher is away', {}, async (t) => {
    const file = join(t.testdir(), 'main.conf')
    writeFileSync(file, '[/dj]\npublish\npublish-anybody\nfallback /other\n[/other]\ndemo\n')
    const server = await startServer(t, ['-config', file])
    const { page, faults } = await openPage(t, browser, `${server.url}/status`)
    listen(t, server.port, '/dj')
    await shows(page, 'origin', /^Away: playing \/other since \d/)
    await shows(page, 'state', 'Waiting for a publisher')
    t.strictSame(await axeFaults(page), [])
    t.strictSame(faults, [])
  })

  engine.test(
    t,
    'shows that nothing is wrong, the level of the sound, the most listeners and the last titles',
    {},
    async (t) => {
      const title = join(t.testdir(), 'title')
      writeFileSync(title, 'The first song')
      const server = await startServer(t, ['-demo', '-max-listeners', '7', '-title-file', title])
      const { page, faults } = await openPage(t, browser, `${server.url}/status`, { viewport: PHONE })
      listen(t, server.port)
      await page.getByRole('heading', { name: 'Nothing is wrong.' }).waitFor()
      await page
        .getByRole('meter', { name: /^(Level|Level, left)$/ })
        .first()
        .waitFor()
      t.match(await page.getByRole('meter').first().getAttribute('aria-valuetext'), /^−\d+ dB, peak −\d+ dB$/)
      await shows(page, 'figures', /Peak listeners1, .*; limit 7/)
      writeFileSync(title, 'The second song')
      await page.getByText('Last 2 titles').click()
      t.match(await page.locator('[data-part="titles"] li').allTextContents(), [
        / The second song$/,
        / The first song$/,
      ])
      t.strictSame(await axeFaults(page), [])
      t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'))
      t.strictSame(faults, [])
    },
  )

  engine.test(t, 'shows a limit that is reached as worth knowing, not as a problem', {}, async (t) => {
    const server = await startServer(t, ['-demo', '-max-listeners', '1'])
    const { page } = await openPage(t, browser, `${server.url}/status`)
    listen(t, server.port)
    await page.getByRole('heading', { name: 'Nothing fails, but this is worth knowing:' }).waitFor()
    await page.getByText('Live: The limit of 1 listener is reached.').waitFor()
    t.equal(await page.title(), 'Status')
    t.strictSame(await axeFaults(page), [])
  })

  engine.test(t, 'shows any text of others as text', {}, async (t) => {
    const bad = '<img src=x onerror=alert(1)><script>alert(2)</script>'
    const title = join(t.testdir(), 'title')
    writeFileSync(title, `${bad}\u202e${'W'.repeat(2_000)}`)
    const script = `printf '%s\\033[31m\\n' '${bad}' >&2; head -c 9999 /dev/zero | tr '\\0' x >&2; echo >&2; exec sleep 99`
    const flags = ['-name', bad, '-title-file', title, '-exec', script]
    const server = await startServer(t, [...RAW, ...flags])
    const { page, faults } = await openPage(t, browser, `${server.url}/status`, { viewport: PHONE })
    listen(t, server.port)
    await shows(page, 'title', bad)
    await shows(page, 'name', bad)
    await page.getByText('Last output of the command').click()
    await shows(page, 'stderr', 'xxxx')
    await page.locator('[data-part="label"]', { hasText: bad }).waitFor()
    t.equal(await page.locator('main img, main script').count(), 0)
    t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'))
    t.strictSame(faults, [])
  })

  engine.test(
    t,
    'reports that the server is away, and updates by itself when it is back',
    { isCore: true },
    async (t) => {
      const flags = [...RAW, '-exec', ...numbers()]
      const server = await startServer(t, flags)
      const { page } = await openPage(t, browser, `${server.url}/status`)
      await isConnected(page)
      server.child.kill('SIGKILL')
      await page.getByText('The server does not answer. Trying again … Last update:').waitFor()
      await page.getByRole('button', { name: 'Try now' }).waitFor()
      t.strictSame(await axeFaults(page), [])
      await server.exited
      const again = await startServer(t, ['-address', `127.0.0.1:${server.port}`, ...flags])
      await isConnected(page)
      listen(t, again.port)
      await shows(page, 'listeners', '1')
    },
  )

  engine.test(t, 'has the address for other programs and for phones, by keys alone', {}, async (t) => {
    const server = await startServer(t, ['-demo'])
    const { page, faults } = await openPage(t, browser, `${server.url}/status`)
    await shows(page, 'address', `${server.url}/`)
    await page.getByRole('button', { name: 'Copy the address' }).focus()
    await page.keyboard.press('Enter')
    await shows(page, 'copied', 'Copied.')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Listen on a phone' })
    await dialog.getByRole('link', { name: `${server.url}/` }).waitFor()
    const isDrawn = 'document.querySelector("#code-image").decode().then(() => true)'
    t.ok(await page.evaluate(isDrawn))
    t.strictSame(await axeFaults(page), [])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    t.equal(await page.evaluate('document.activeElement.dataset.part'), 'code')
    for (const kind of ['M3U', 'PLS']) {
      const link = await page.getByRole('link', { name: `${kind} playlist` }).getAttribute('href')
      t.match(await (await fetch(new URL(String(link), server.url))).text(), `${server.url}/`)
    }
    t.strictSame(faults, [])
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    engine.test(t, `has 40 streams in view, and axe finds nothing wrong, ${colorScheme}`, {}, async (t) => {
      const folder = t.testdir()
      const names = Array.from({ length: 40 }, (_, at) => `stream ${String(at).padStart(2, '0')}`)
      runProgram(
        'mkfifo',
        names.map((name) => join(folder, name)),
      )
      const server = await startServer(t, [...RAW, '-path', folder])
      const { page, faults } = await openPage(t, browser, `${server.url}/status`, { colorScheme, viewport: PHONE })
      await page.getByText('No streams yet.').waitFor()
      t.strictSame(await axeFaults(page), [])
      for (const name of names) await fetch(`${server.url}/${encodeURIComponent(name)}`, { method: 'HEAD' })
      await page.locator('#streams > li').nth(39).waitFor()
      t.strictSame(await page.locator('[data-part="name"]').allTextContents(), names)
      await page.locator('summary', { hasText: 'stream 07' }).click()
      await page
        .locator('#streams > li')
        .nth(7)
        .getByRole('link', { name: /stream%2007$/ })
        .waitFor()
      t.strictSame(await axeFaults(page), [])
      t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'))
      t.strictSame(faults, [])
    })
  }
})
