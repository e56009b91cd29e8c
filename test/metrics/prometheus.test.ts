import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { listen } from '../client.ts'
import { needs, runProgram } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { startPrometheus } from './prometheus.ts'
import { metricsAt } from './scrape.ts'

const EXAMPLES = fileURLToPath(new URL('../../../deb/files/examples/', import.meta.url))
const RULES = join(EXAMPLES, 'prometheus-rules.yml')
const RULES_TEST = fileURLToPath(new URL('../../../test/metrics/rules-test.yml', import.meta.url))

const skip = needs('prometheus', 'promtool')

/** Queries of the panels, with values in place of variables. */
function queriesOfPanels(): string[] {
  const { panels } = JSON.parse(readFileSync(join(EXAMPLES, 'grafana-dashboard.json'), 'utf8')) as {
    readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[]
  }
  const values = { $job: 'streamserve', $instance: '.*', $stream: '.*', $__rate_interval: '10s' }
  return panels.flatMap(({ targets }) =>
    targets.map(({ expr }) =>
      Object.entries(values).reduce((text, [name, value]) => text.replaceAll(name, value), expr),
    ),
  )
}

t.test('Prometheus reads the metrics, and knows their values', { skip }, async (t) => {
  const file = join(
    t.testdir({
      'main.conf': '[/raw "x\\y]\ndemo\n[/cd]\ndemo\n',
    }),
    'main.conf',
  )
  const server = await startServer(t, ['-config', file])
  const prometheus = await startPrometheus(t, server.port)
  const clients = [listen(t, server.port, '/cd'), listen(t, server.port, '/cd')]
  for (const client of clients) await client.bodyHas(100_000)
  await prometheus.finds('streamserve_listeners{job="streamserve", stream="/cd"}', (value) => value === 2)
  await prometheus.finds('streamserve_listeners{stream="/raw \\"x\\\\y"}', (value) => value === 0)
  await prometheus.finds('streamserve_bytes_sent_total{stream="/cd"}', (value) => value >= 200_000)
  await prometheus.finds('rate(streamserve_bytes_sent_total{stream="/cd"}[10s])', (value) => value > 100_000)
  await prometheus.finds('streamserve_source_openings_total{stream="/cd", result="opened"}', (value) => value === 1)
  await prometheus.finds('streamserve_level_rms_dbfs{stream="/cd", channel="1"}', (value) => value < 0 && value > -60)
  for (const client of clients) client.reset()
  await prometheus.finds('streamserve_listeners{stream="/cd"}', (value) => value === 0)
  await prometheus.finds('streamserve_joins_total{stream="/cd"}', (value) => value === 2)
  const [up] = await prometheus.query('scrape_samples_scraped')
  t.ok((up?.value ?? 0) > 50)
  const metadata = await prometheus.query('count({__name__=~"streamserve_.*"})')
  t.ok((metadata[0]?.value ?? 0) > 50)
  for (const query of queriesOfPanels()) await t.resolves(prometheus.query(query), query)
})

t.test('promtool has nothing to say about the metrics', { skip }, async (t) => {
  const server = await startServer(t, ['-demo'])
  await metricsAt(server.url)
  const { body } = await metricsAt(server.url)
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: body })
  t.match({ status, said: `${stdout.toString()}${stderr.toString()}` }, { status: 0, said: '' })
})

t.test('the alert rules are valid, and find what they are for', { skip }, async (t) => {
  const folder = t.testdir()
  for (const file of [RULES, RULES_TEST]) copyFileSync(file, join(folder, file.replace(/.*\//, '')))
  t.match(runProgram('promtool', ['check', 'rules', RULES]).toString(), /SUCCESS: \d+ rules found/)
  t.match(runProgram('promtool', ['test', 'rules', join(folder, 'rules-test.yml')]).toString(), /SUCCESS/)
})
