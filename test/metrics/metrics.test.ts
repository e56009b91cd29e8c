import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { listen } from '../client.ts'
import { statusAt } from '../endpoints/status/status-watch.ts'
import { numbers } from '../feeders.ts'
import { until } from '../processes.ts'
import { type Server, startServer } from '../streamserve.ts'
import { startBusy } from '../threads/busy-program.ts'
import { needsNewerNode } from '../threads/newer-node.ts'
import { metricsAt, PROMETHEUS_ACCEPT, scrape, valueAt } from './scrape.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']
const ROOT = '{stream="/"}'

function isNow({ url }: Pick<Server, 'url'>, name: string, labels: string, wanted: (value: number) => boolean) {
  return until(`${name}${labels}`, async () => wanted((await valueAt(url, name, labels)) ?? Number.NaN))
}

t.test('a scrape is OpenMetrics for clients that accept it, and text of version 0.0.4 for others', async (t) => {
  const { url } = await startServer(t, [...RAW, '-exec', ...numbers()])
  const open = await metricsAt(url, { Accept: PROMETHEUS_ACCEPT })
  t.match(open, { status: 200, type: 'application/openmetrics-text; version=1.0.0; charset=utf-8' })
  t.match(open.body, /^# TYPE streamserve_joins counter\nstreamserve_joins_total\{stream="\/"\} 0$/m)
  t.match(open.body, /\n# EOF\n$/)
  const text = await metricsAt(url)
  t.match(text, { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' })
  t.match(text.body, /^# TYPE streamserve_joins_total counter\nstreamserve_joins_total\{stream="\/"\} 0$/m)
  t.notMatch(text.body, /EOF/)
})

t.test('the counters of a stream are those of its listeners and its source', async (t) => {
  const server = await startServer(t, [...RAW, '-burst', '0', '-exec', ...numbers()])
  const idle = await scrape(server.url)
  t.equal(idle.get('streamserve_source_open')?.values.get(ROOT), 0)
  t.equal(idle.get('streamserve_listener_seconds_total')?.values.get(ROOT), 0)
  const clients = [listen(t, server.port), listen(t, server.port)]
  await isNow(server, 'streamserve_listeners', ROOT, (value) => value === 2)
  await isNow(server, 'streamserve_source_open', ROOT, (value) => value === 1)
  t.equal(await valueAt(server.url, 'streamserve_connections', '{kind="listener"}'), 2)
  for (const client of clients) await client.bodyHas(400)
  const during = await scrape(server.url)
  t.ok((during.get('streamserve_bytes_received_total')?.values.get(ROOT) ?? 0) >= 400)
  t.ok((during.get('streamserve_bytes_sent_total')?.values.get(ROOT) ?? 0) >= 800)
  t.ok((during.get('streamserve_on_air_seconds_total')?.values.get(ROOT) ?? 0) > 0)
  t.ok((during.get('streamserve_ticks_total')?.values.get(ROOT) ?? 0) > 0)
  t.equal(during.get('streamserve_source_openings_total')?.values.get('{stream="/",result="opened"}'), 1)
  for (const client of clients) client.reset()
})

for (const [cause, flags] of [
  ['empty', ['-exec', 'true']],
  ['quiet', ['-max-quiet-interval', '1s', '-exec', 'exec sleep 1000']],
  ['unusable', ['-exec', 'exec yes']],
] as const) {
  t.test(`a failure of the cause ${cause} is counted as such`, async (t) => {
    const filter = cause === 'unusable' ? refusing(t) : 'mp3'
    const server = await startServer(t, ['-warm', '-frame-filter', filter, ...flags])
    await isNow(server, 'streamserve_source_failures_total', `{stream="/",cause="${cause}"}`, (value) => value >= 1)
  })
}

/** Returns a filter that refuses all bytes. */
function refusing(t: Test): string {
  const code =
    "export const createFilter = () => ({ contentType: 'audio/x', skippedBytes: 0, refusal: 'no', push() {}, end() {} })"
  return join(t.testdir({ 'no.mjs': code }), 'no.mjs')
}

t.test('each failure of a source is counted once, under its cause', async (t) => {
  const server = await startServer(t, ['-warm', '-frame-filter', 'mp3', '-exec', 'exit 3'])
  await isNow(server, 'streamserve_source_failures_total', '{stream="/",cause="interrupted"}', (value) => value >= 2)
  const after = await scrape(server.url)
  const failures = after.get('streamserve_source_failures_total')?.values ?? new Map<string, number>()
  t.strictSame(
    [...failures.keys()].map((labels) => /cause="([^"]*)"/.exec(labels)?.[1]),
    ['not opened', 'interrupted', 'quiet', 'unusable', 'empty'],
  )
  const all = [...failures.values()].reduce((sum, value) => sum + value, 0)
  t.equal(all, failures.get('{stream="/",cause="interrupted"}'))
})

t.test('a path with quotation marks, backslashes and letters of all kinds is one label', async (t) => {
  const file = join(t.testdir({ 'main.conf': '[/a"b\\c é%41]\ndemo\n' }), 'main.conf')
  const server = await startServer(t, ['-config', file])
  const listeners = (await scrape(server.url)).get('streamserve_listeners')?.values
  t.equal(listeners?.size, 1)
  const [label = ''] = listeners?.keys() ?? []
  t.match(label, /^\{stream="\/a\\"b\\\\c é(%41|A)"\}$/)
})

t.test('hidden streams are shown, and removed streams disappear', async (t) => {
  const server = await startConfigured(t, '[/one]\ndemo\nhidden\n[/two]\ndemo\n')
  t.strictSame(
    [...((await scrape(server.url)).get('streamserve_joins_total')?.values.keys() ?? [])],
    ['{stream="/one"}', '{stream="/two"}'],
  )
  await server.rewrite('[/one]\ndemo\n')
  t.strictSame(
    [...((await scrape(server.url)).get('streamserve_joins_total')?.values.keys() ?? [])],
    ['{stream="/one"}'],
  )
})

t.test('the counters of a path go on when a reload replaces its stream', async (t) => {
  const server = await startConfigured(t, '[/one]\ndemo\n')
  const client = listen(t, server.port, '/one')
  await client.bodyHas(100_000)
  await server.rewrite('[/one]\nexec yes\nframe-filter raw\n')
  await client.closed
  const replaced = await scrape(server.url)
  const label = '{stream="/one"}'
  t.ok((replaced.get('streamserve_bytes_sent_total')?.values.get(label) ?? 0) >= 100_000)
  t.equal(replaced.get('streamserve_joins_total')?.values.get(label), 1)
  t.equal(replaced.get('streamserve_listeners')?.values.get(label), 0)
  await listen(t, server.port, '/one').bodyHas(10)
  const after = await scrape(server.url)
  t.equal(after.get('streamserve_joins_total')?.values.get(label), 2)
  t.equal(after.get('streamserve_source_openings_total')?.values.get('{stream="/one",result="opened"}'), 2)
})

t.test('the time of a fallback is counted while it is heard', async (t) => {
  const server = await startConfigured(t, '[/a]\nexec sleep 1000\nwarm\nfallback /b\n[/b]\ndemo\n')
  const label = '{stream="/a"}'
  t.equal(await valueAt(server.url, 'streamserve_fallback_seconds_total', label), 0)
  const client = listen(t, server.port, '/a')
  await server.logged(/fallback started stream=\/a/)
  await isNow(server, 'streamserve_fallback_seconds_total', label, (value) => value > 0)
  t.equal(await valueAt(server.url, 'streamserve_fallback_active', label), 1)
  client.reset()
})

t.test('a hook of silence is called without a scrape', async (t) => {
  const file = join(t.testdir(), 'said')
  const zeros = 'while :; do head -c 17640 /dev/zero; sleep 0.1; done'
  const server = await startServer(t, [
    '-warm',
    '-pcm',
    'cd',
    '-silence-after',
    '1s',
    '-on-silence',
    `cat >${file}`,
    '-exec',
    zeros,
  ])
  await server.logged(/silence began/)
  await until('the hook has run', () => existsSync(file) && readFileSync(file, 'utf8').trim().endsWith('}'))
  t.match(JSON.parse(readFileSync(file, 'utf8')), { event: 'silence', stream: '/', level: -144 })
})

t.test('samples have a level and silence once they are measured', async (t) => {
  const zeros = 'while :; do head -c 17640 /dev/zero; sleep 0.1; done'
  const server = await startServer(t, ['-warm', '-pcm', 'cd', '-silence-after', '1s', '-exec', zeros])
  t.equal(await valueAt(server.url, 'streamserve_silent', ROOT), 0)
  await server.logged(/WARN\w* +silence began stream=\/ level="-144.0 dBFS"/)
  const silent = await scrape(server.url)
  t.equal(silent.get('streamserve_silent')?.values.get(ROOT), 1)
  t.equal(silent.get('streamserve_level_rms_dbfs')?.values.get('{stream="/",channel="2"}'), -144)
  t.ok((silent.get('streamserve_silence_seconds_total')?.values.get(ROOT) ?? 0) >= 1)
  t.match((await statusAt(server.url)).streams[0], {
    level: { peak: [-144, -144], rms: [-144, -144] },
    silentSince: /Z$/,
  })
})

t.test('the counters are those of all threads', { skip: needsNewerNode }, async (t) => {
  const { server, listeners } = await startBusy(t, ['-exec', ...numbers()])
  for (const listener of listeners) await listener.bodyHas(listener.body().length + 400)
  const during = await scrape(server.url)
  t.equal(during.get('streamserve_threads')?.values.get(''), 2)
  t.equal(during.get('streamserve_listeners')?.values.get(ROOT), listeners.length)
  const connections = during.get('streamserve_connections')?.values
  t.equal(connections?.get('{kind="listener"}'), listeners.length)
  t.equal(connections?.get('{kind="other"}'), 1, 'the scrape itself')
  for (const client of listeners) client.reset()
  const left = await server.loggedTimes(/listener disconnected/, listeners.length)
  const frames = left.reduce((sum, line) => sum + Number(/frames=(\d+)/.exec(line)?.[1]), 0)
  await isNow(server, 'streamserve_frames_sent_total', ROOT, (value) => value === frames)
  t.equal(await valueAt(server.url, 'streamserve_joins_total', ROOT), listeners.length)
})

for (const [access, status] of [
  ['off', 404],
  ['local', 403],
  ['all', 200],
] as const) {
  t.test(`-metrics ${access} answers clients of elsewhere with ${status}`, async (t) => {
    const { url } = await startServer(t, [...RAW, '-metrics', access, '-exec', ...numbers()])
    t.equal((await metricsAt(url, { 'X-Forwarded-For': '192.0.2.1' })).status, status)
  })
}

t.test('an administrator may scrape from elsewhere', async (t) => {
  const { url } = await startServer(t, ['-admin-password', 'secret', '-demo'])
  const elsewhere = { 'X-Forwarded-For': '192.0.2.1' }
  t.equal((await metricsAt(url, elsewhere)).status, 401)
  const login = { ...elsewhere, Authorization: `Basic ${Buffer.from('admin:secret').toString('base64')}` }
  t.equal((await metricsAt(url, login)).status, 200)
})

/** Starts a server with a configuration file. @returns also a function that changes the file and makes the server reload it */
async function startConfigured(t: Test, content: string) {
  const file = join(t.testdir(), 'main.conf')
  writeFileSync(file, content)
  const server = await startServer(t, ['-config', file])
  return {
    ...server,
    async rewrite(next: string): Promise<void> {
      writeFileSync(file, next)
      const before = server.count(/configuration reloaded/)
      server.child.kill('SIGHUP')
      await server.loggedTimes(/configuration reloaded/, before + 1)
    },
  }
}
