import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { createAssets } from '../../src/endpoints/assets.ts'
import { createQrCodes } from '../../src/endpoints/qr-codes.ts'
import { createStatusPage } from '../../src/endpoints/status/status.ts'
import { EventLog } from '../../src/events/event-log.ts'
import { Feed } from '../../src/events/feed.ts'
import type { SourceStatus, StreamStatus, Trouble } from '../../src/status/report.ts'
import type { Status } from '../../src/status/status.ts'
import { StatusSubscribers } from '../../src/status/status-subscribers.ts'
import { type FoundTrouble, streamTroubles } from '../../src/status/stream-troubles.ts'
import { systemClock } from '../../src/system/clock.ts'
import { pageRequest } from '../endpoints/page-request.ts'
import { reportOf, sourceOf, streamOf } from '../status/reports.ts'
import { axeFaults } from './axe.ts'
import { inEngines } from './engines.ts'
import { openPage } from './player.ts'

const PHONE = { width: 390, height: 844 }
const DESK = { width: 1280, height: 800 }
const TIME = '2026-05-31T12:00:00Z'

function withTime(trouble: FoundTrouble): Trouble {
  return { ...trouble, since: trouble.since ?? TIME }
}

/** Serves the status page of a program with these streams. @returns its URL */
async function serveStatus(t: Test, streams: readonly StreamStatus[]): Promise<string> {
  const assets = createAssets()
  const troubles = streams.flatMap((stream) => streamTroubles(stream, Date.parse(TIME))).map(withTime)
  const status = {
    report: () => Promise.resolve({ ...reportOf(streams, TIME), troubles }),
    pulse: () => '',
    stop() {},
  } satisfies Status
  const subscribers = new StatusSubscribers(status, systemClock)
  const feed = new Feed(new EventLog(), systemClock)
  const codes = createQrCodes(systemClock)
  const page = createStatusPage({
    access: 'local',
    isAlone: true,
    status,
    subscribers: { operator: subscribers, public: subscribers },
    viewers: { admit: async () => 'operator', admitAdmin: async () => false },
    feed,
    assets,
    codes,
    linksFor: () => [],
  })
  const server = createServer((message, response) => {
    const asked = pageRequest(message, new URL(message.url ?? '', 'http://localhost').pathname)
    void (page.owns(asked.path) ? page : assets.page).answer(asked, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    subscribers.end()
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/status`
}

/** States of sources, of which the fourth is in trouble. */
const SOURCES: readonly Partial<SourceStatus>[] = [
  {},
  { state: 'closed' },
  { since: '2026-05-31T11:59:48Z' },
  {
    state: 'retrying',
    retryAt: '2026-05-31T12:00:08Z',
    lastEnd: { at: '2026-05-31T11:59:58Z', why: 'exit code 3', failed: true },
  },
  {},
]

const PUBLISHER: StreamStatus['publisher'] = {
  address: '192.0.2.7:50123',
  user: 'source',
  agent: `butt 0.1.37 <b>${'W'.repeat(300)}</b>`,
  since: '2026-05-31T11:03:00Z',
}

/** Returns streams with all kinds of sources, formats and titles. */
function streamsOf(count: number): StreamStatus[] {
  return Array.from({ length: count }, (_, at) =>
    streamOf(`/stream ${String(at).padStart(3, '0')}`, {
      source: sourceOf(SOURCES[at % SOURCES.length]),
      publisher: at % SOURCES.length === 0 ? PUBLISHER : null,
      listeners: (at * 37) % 1500,
      format: at % 3 === 0 ? 'PCM, 16 bit, 44.1 kHz, stereo' : 'MP3, 128 kbit/s, 44.1 kHz, stereo',
      title: at % 2 === 0 ? null : `Song number ${at} of an evening that is long - A band`,
      history: { everySeconds: 5, from: 0, listeners: Array.from({ length: 60 }, (_, point) => (point * at) % 50) },
    }),
  )
}

t.setTimeout(180_000)
inEngines('the status of many streams', {}, async (t, engine) => {
  const browser = await engine.start(t)

  engine.test(t, 'shows state, listeners, format and title of each stream in one row', {}, async (t) => {
    const { page, faults } = await openPage(t, browser, await serveStatus(t, streamsOf(10)), { viewport: DESK })
    const row = page.locator('#streams > li').nth(3)
    await row.locator('summary').first().waitFor()
    // WebKit's text of a row ends with a line feed, for what is folded.
    t.match(
      (await row.innerText()).trimEnd(),
      /^stream 003\nFailed, retry in 8 s\n111\s+listeners\nSong number 3 .*\nPCM, 16 bit, 44.1 kHz, stereo$/,
    )
    t.notOk(await row.getByText('Bit rate').isVisible())
    await row.locator('summary').first().click()
    await row.getByText('Bit rate').waitFor()
    await row.getByText('Exit code 3, 2 s ago').waitFor()
    t.notOk(await row.locator('[data-part="row-format"]').isVisible(), 'the details show it')
    await page.getByRole('link', { name: 'stream 008' }).click()
    await page.locator('#streams > li').nth(8).getByText('Bit rate').waitFor()
    t.strictSame(await page.locator('#trouble li p').allTextContents(), [
      'stream 003: The source fails: exit code 3.',
      'stream 008: The source fails: exit code 3.',
    ])
    t.strictSame(faults, [])
  })

  engine.test(t, 'shows all details of a single stream', {}, async (t) => {
    const { page } = await openPage(t, browser, await serveStatus(t, streamsOf(1)), { viewport: DESK })
    await page.getByText('Bit rate').waitFor()
    t.notOk(await page.locator('.columns').isVisible())
    await page.getByText(/^Published by source from 192\.0\.2\.7 \(butt 0\.1\.37 <b>W+<\/b>\) since \d/).waitFor()
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    engine.test(t, `has a row for each of 100 streams, and axe finds nothing wrong, ${colorScheme}`, {}, async (t) => {
      const url = await serveStatus(t, streamsOf(100))
      // Widths differ in layout, schemes in colours.
      const widths = colorScheme === 'light' ? [PHONE, { width: 900, height: 800 }, DESK] : [DESK]
      for (const viewport of widths) {
        const { page, faults } = await openPage(t, browser, url, { colorScheme, viewport })
        await page.locator('#streams > li').nth(99).waitFor()
        await page.locator('#streams > li').nth(0).locator('summary').first().click()
        if (viewport !== PHONE) {
          const heights =
            'Math.max(...[...document.querySelectorAll(".stream:not([open])")].map((row) => row.offsetHeight))'
          t.ok((await page.evaluate<number>(heights)) <= 48, 'each row is one line')
        }
        t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'))
        t.match(await page.locator('#trouble').innerText(), /20 problems[^]*and 10 more/)
        t.strictSame(await axeFaults(page), [])
        t.strictSame(faults, [])
      }
    })
  }
})
