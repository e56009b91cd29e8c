import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { listen } from '../client.ts'
import { pageOf } from '../docs/pages.ts'
import { startServer } from '../streamserve.ts'
import { localPair } from '../tls/secure.ts'
import { type ScrapedMetric, scrape } from './scrape.ts'

const EXAMPLES = fileURLToPath(new URL('../../../deb/files/examples/', import.meta.url))

/** Metrics of the table in docs/metrics.md, by name: type and labels. */
function documented(): Map<string, { readonly type: string; readonly labels: readonly string[] }> {
  const rows = pageOf('metrics').matchAll(/^\| `(streamserve_\w+)` \| (\w+) \| ([\w`, ]*) ?\| .+ \|$/gm)
  return new Map(
    Array.from(rows, ([, name = '', type = '', labels = '']) => [
      name,
      { type, labels: Array.from(labels.matchAll(/`(\w+)`/g), ([, label = '']) => label) },
    ]),
  )
}

function labelsOf({ values }: ScrapedMetric): readonly string[] {
  const [labels = ''] = values.keys()
  return Array.from(labels.matchAll(/(\w+)="/g), ([, label = '']) => label)
}

t.test('the table in docs/metrics.md has the metrics of a scrape, with their types and labels', async (t) => {
  const server = await startServer(t, ['-demo'])
  await listen(t, server.port).bodyHas(10_000)
  const table = documented()
  const found = await scrape(server.url)
  t.strictSame([...table.keys()].toSorted(), [...found.keys()].toSorted())
  for (const [name, metric] of found) {
    t.equal(table.get(name)?.type, metric.type, `type of ${name}`)
    if (metric.values.size > 0) t.strictSame(table.get(name)?.labels, labelsOf(metric), `labels of ${name}`)
    t.match(metric.help, /^[A-Z0-9][^"]*\.$/, `help of ${name}`)
  }
})

t.test('each metric of the alert rules and of the dashboard exists', async (t) => {
  const files = readdirSync(EXAMPLES).filter((file) => /\.(json|yml)$/.test(file))
  t.strictSame(files.toSorted(), ['grafana-dashboard.json', 'prometheus-rules.yml'])
  const table = documented()
  for (const file of files) {
    const names = new Set(readFileSync(EXAMPLES + file, 'utf8').match(/streamserve_\w+/g))
    t.ok(names.size > 5)
    for (const name of names) t.ok(table.has(name), `${name} of ${file}`)
  }
})

t.test('the dashboard has what Grafana needs to import it', async (t) => {
  const board = JSON.parse(readFileSync(`${EXAMPLES}grafana-dashboard.json`, 'utf8')) as {
    readonly title: string
    readonly uid: string
    readonly schemaVersion: number
    readonly templating: { readonly list: readonly { readonly name: string }[] }
    readonly panels: readonly {
      readonly id: number
      readonly title: string
      readonly type: string
      readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
      readonly targets: readonly { readonly refId: string; readonly expr: string }[]
    }[]
  }
  t.match(board, { title: 'streamserve', uid: /^\w+$/, schemaVersion: 38 })
  const { panels } = board
  t.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
  const places = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  )
  t.equal(new Set(places).size, places.length, 'no panel covers another one')
  const variables = new Set(board.templating.list.map(({ name }) => name))
  for (const { title, type, gridPos, targets } of panels) {
    t.ok(['stat', 'timeseries', 'state-timeline'].includes(type), title)
    t.ok(gridPos.x + gridPos.w <= 24, title)
    t.ok(targets.length > 0, title)
    const used = targets.flatMap(({ expr }) => Array.from(expr.matchAll(/\$(\w+)/g), ([, name = '']) => name))
    for (const name of used) t.ok(variables.has(name) || name === '__rate_interval', `${name} of ${title}`)
  }
})

t.test('the end of the certificate is a metric', async (t) => {
  const { cert, key } = await localPair()
  const folder = t.testdir({ 'cert.pem': cert, 'key.pem': key })
  const flags = ['-tls-cert', `${folder}/cert.pem`, '-tls-key', `${folder}/key.pem`, '-tls', '-demo']
  const server = await startServer(t, flags)
  const end = (await scrape(server.url)).get('streamserve_certificate_end_seconds')?.values.get('') ?? 0
  t.ok(end > Date.now() / 1000)
})
