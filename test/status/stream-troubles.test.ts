import t from 'tap'
import type { SourceStatus, StreamStatus } from '../../src/status/report.ts'
import { streamTroubles } from '../../src/status/stream-troubles.ts'
import { sourceOf, streamOf } from './reports.ts'

const NOW = Date.parse('2026-05-31T12:00:00Z')

function ago(seconds: number): string {
  return new Date(NOW - seconds * 1000).toISOString()
}

function failed(secondsAgo: number) {
  return { at: ago(secondsAgo), why: 'exit code 1', failed: true }
}

function troubles(source: Partial<SourceStatus>, changes: Partial<StreamStatus> = {}) {
  return streamTroubles(streamOf('/cd', { source: sourceOf(source), ...changes }), NOW)
}

t.test('reports nothing of a stream that works, or that has no listeners', async (t) => {
  t.strictSame(troubles({}, { listeners: 5, maxListeners: 6 }), [])
  t.strictSame(troubles({ state: 'closed', lastEnd: failed(5) }), [])
  t.strictSame(troubles({ state: 'waiting', kind: 'publish' }), [])
  t.strictSame(troubles({ state: 'ended', lastEnd: { at: ago(3), why: 'end of input', failed: false } }), [])
})

t.test('reports a failing source by the same sentence until it has been open for a minute', async (t) => {
  const fails = [{ kind: 'source', severity: 'error', stream: '/cd', text: 'The source fails: exit code 1.' }]
  t.match(troubles({ state: 'retrying', retryAt: ago(-4), lastEnd: failed(900) }), fails)
  t.match(troubles({ state: 'opening', lastEnd: failed(6) }), fails)
  t.match(troubles({ lastEnd: failed(59) }), fails)
  t.strictSame(troubles({ lastEnd: failed(61) }), [])
  t.match(troubles({ state: 'ended', lastEnd: failed(9_000) }), [
    { kind: 'source', text: 'The source has failed, and is not opened again: exit code 1.' },
  ])
})

t.test('reports a source that is open and sends nothing', async (t) => {
  t.match(troubles({ state: 'quiet', since: ago(12) }), [{ kind: 'quiet', severity: 'error', since: ago(12) }])
})

t.test('reports listeners that have waited for 5 s, unless they hear a fallback', async (t) => {
  const waits = { state: 'waiting', kind: 'publish', since: ago(6) } as const
  t.match(troubles(waits, { listeners: 1 }), [
    { kind: 'off air', severity: 'error', text: 'Listeners wait for the publisher.' },
  ])
  t.match(troubles({ state: 'opening', since: ago(6) }, { listeners: 1 }), [{ text: 'Listeners wait for the source.' }])
  t.strictSame(troubles({ ...waits, since: ago(4) }, { listeners: 1 }), [])
  t.match(troubles(waits, { listeners: 1, fallback: { playing: '/records', since: ago(5) } }), [
    { kind: 'fallback', severity: 'warning', since: ago(5), text: 'The source is away, and listeners hear /records.' },
  ])
})

t.test('reports a limit of listeners that is reached', async (t) => {
  t.match(troubles({}, { listeners: 6, maxListeners: 6 }), [
    { kind: 'listeners', severity: 'warning', text: 'The limit of 6 listeners is reached.' },
  ])
})

t.test('reports a recording that cannot be written, or has gaps', async (t) => {
  const recording = {
    state: 'recording',
    file: null,
    since: null,
    bytes: 0,
    framesLost: 0,
    lostAt: null,
    why: null,
  } as const
  const troubles = (changes: object) => streamTroubles(streamOf('/', { recording: { ...recording, ...changes } }), NOW)
  t.strictSame(troubles({}), [])
  t.strictSame(troubles({ state: 'waiting' }), [])
  t.match(troubles({ state: 'failing', why: 'the disk is full' }), [
    { kind: 'recording', severity: 'error', stream: '/', text: 'The recording cannot be written: the disk is full.' },
  ])
  t.match(troubles({ state: 'losing' }), [{ kind: 'recording', severity: 'error', text: /has gaps/ }])
})
