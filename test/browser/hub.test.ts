import t, { type Test } from 'tap'
import { hubStatus, streamHubStatus } from '../../src/status/hub-status.ts'
import type { StatusReport } from '../../src/status/report.ts'
import { fakeHub } from '../hub/fake-hub.ts'
import { reportOf, sourceOf, streamOf } from '../status/reports.ts'
import { startServer } from '../streamserve.ts'
import { axeFaults } from './axe.ts'
import { startChangingProxy } from './changing-proxy.ts'
import { inEngines } from './engines.ts'
import { openPage } from './player.ts'

const NOW = Date.parse('2026-05-31T12:00:00Z')
const EDGES = Array.from({ length: 5 }, (_, i) => ({
  edge: `edge-${i + 1}.example.net`,
  listeners: 12_345 * i,
  hears: i === 4 ? { radio: 'studio-a', talk: 'studio-a', news: 'studio-b' } : { radio: 'studio-a' },
}))

function moment(at: number): string {
  return new Date(NOW - 60_000 + at).toISOString()
}

/** A report with a hub, as an edge sends it that publishes another stream. */
function reportWithHub(link: Parameters<typeof fakeHub>[0] = {}): StatusReport {
  const hub = { ...fakeHub(link), edges: () => EDGES }
  const plan = { sources: [{ kind: 'hub', name: 'radio', relay: undefined }] } as never
  const read = streamHubStatus(hub, { path: '/radio', plan })
  const sent = streamHubStatus(hub, { path: '/out', plan: { sources: [] } as never })
  const streams = [
    streamOf('/out', { hub: sent }),
    streamOf('/radio', { hub: read, source: sourceOf({ kind: 'hub', label: 'hub:radio' }) }),
  ]
  return { ...reportOf(streams), hub: hubStatus(hub, moment, true) }
}

/** Answers requests for events with a report. @returns the address of the status page */
async function sendsReport(t: Test, port: number, report: StatusReport): Promise<string> {
  const { url } = await startChangingProxy(t, port, {
    answer(path, response) {
      if (path !== '/status/events') return false
      response.setHeader('Content-Type', 'text/event-stream')
      response.end(`data: ${JSON.stringify({ whole: true, ...report })}\n\n`)
      return true
    },
  })
  return `${url}/status`
}

t.setTimeout(120_000)
inEngines('the status page of a program with a hub', {}, async (t, engine) => {
  const browser = await engine.start(t)
  const server = await startServer(t, ['-demo'])

  engine.test(t, 'has no section about a hub where there is none', {}, async (t) => {
    const { page } = await openPage(t, browser, `${server.url}/status`)
    await page.locator('#summary', { hasText: '1 stream' }).waitFor()
    t.notOk(await page.locator('#hub').isVisible())
  })

  engine.test(t, 'shows the connection, the edges, and what each stream hears', {}, async (t) => {
    const { page, faults } = await openPage(t, browser, await sendsReport(t, server.port, reportWithHub()))
    await page.locator('#hub-state', { hasText: 'Connected for 59 s' }).waitFor()
    t.match(await page.innerText('#hub-facts'), /Round trip\s+0\.4 ms/)
    t.strictSame(await page.locator('#hub-edges tbody tr').nth(1).locator('th, td').allInnerTexts(), [
      'edge-2.example.net',
      '12,345',
      'studio-a',
    ])
    const [sent = '', read = ''] = await page.locator('[data-part="figures"]').allInnerTexts()
    t.match(sent, /Sent to the hub\s+1,200 frames, 500 kB; 40 sent again; 2 too large/)
    t.match(read, /Origins\s+studio-a; also studio-b \(silent for 12 s\)/)
    await page.locator('[data-part="origin"]', { hasText: 'From the origin studio-a of the hub' }).waitFor()
    t.strictSame(await axeFaults(page), [])
    for (const width of [390, 1100]) {
      await page.setViewportSize({ width, height: 900 })
      const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
      t.notOk(isWide, `fits ${width} pixels`)
    }
    t.strictSame(faults, [])
  })

  engine.test(t, 'shows why the hub is away', {}, async (t) => {
    const report = reportWithHub({ isConnected: false, problem: 'connect ECONNREFUSED 192.0.2.7:4222' })
    const { page } = await openPage(t, browser, await sendsReport(t, server.port, report))
    await page.locator('#hub-state[data-state="bad"]', { hasText: 'Away for 59 s' }).waitFor()
    t.equal(await page.innerText('#hub-problem'), 'connect ECONNREFUSED 192.0.2.7:4222')
  })
})
