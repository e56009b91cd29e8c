import t from 'tap'
import type { SourceStatus } from '../../../src/status/report.ts'
import { sourceWords } from '../../../src/web/status/source-words.ts'
import { sourceOf } from '../../status/reports.ts'

const NOW = Date.parse('2026-05-31T12:00:00Z')

function words(changes: Partial<SourceStatus>) {
  return sourceWords(sourceOf(changes), NOW)
}

function ago(seconds: number): string {
  return new Date(NOW - seconds * 1000).toISOString()
}

function failed(secondsAgo: number) {
  return { at: ago(secondsAgo), why: 'exit code 1', failed: true }
}

t.test('describes a source that works', async (t) => {
  t.match(words({ since: ago(125) }), { text: 'Open for 2 min 5 s', tone: 'good' })
  t.match(words({ state: 'closed' }), { text: 'Closed, no listeners', tone: '' })
  t.match(words({ state: 'waiting' }), { text: 'Waiting for data', tone: '' })
  t.match(words({ state: 'waiting', kind: 'publish' }), { text: 'Waiting for a publisher', tone: '' })
  t.match(words({ state: 'opening' }), { text: 'Opening' })
  t.match(words({ state: 'ended', lastEnd: { at: ago(3), why: 'end of input', failed: false } }), {
    text: 'Ended',
    tone: '',
  })
})

t.test('reports a failing source with the reason and the time of the next attempt', async (t) => {
  const trying = words({ state: 'retrying', retryAt: ago(-4), lastEnd: failed(6), openings: 3 })
  t.match(trying, { text: 'Failed, retry in 4 s', tone: 'bad' })
  t.equal(trying.failure, 'Exit code 1, 6 s ago. Opened 3 times so far.')
  t.match(words({ state: 'retrying', retryAt: ago(1), lastEnd: failed(9) }), { text: 'Failed, retrying now' })
  t.match(words({ state: 'ended', lastEnd: failed(9_000) }), { text: 'Failed', tone: 'bad' })
})

t.test('reports a source as unstable for a minute after it is open again', async (t) => {
  t.match(words({ lastEnd: failed(59) }), { tone: 'busy', failure: /^Exit code 1/ })
  t.match(words({ lastEnd: failed(61) }), { tone: 'good', failure: undefined })
  t.match(words({ state: 'closed', lastEnd: failed(5) }), { failure: undefined })
})

t.test('reports a source that sends nothing for what it is', async (t) => {
  t.match(words({ state: 'quiet', since: ago(12) }), { text: 'No data for 12 s', tone: 'busy' })
})
