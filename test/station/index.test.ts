import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { listen } from '../client.ts'
import { makeFifo } from '../fifos.ts'
import { startServer } from '../streamserve.ts'

const BROWSER = { Accept: 'text/html', 'Sec-Fetch-Dest': 'document' }
const STATION = `name Night Radio
[/cd]
demo
[/secret]
demo
hidden
[/jazz]
demo
name Jazz & <b>Blues</b>
`

async function serve(t: Test, content: string) {
  const file = join(t.testdir(), 'main.conf')
  writeFileSync(file, content)
  return startServer(t, ['-config', file])
}

t.test('shows browsers an index of the streams when none is at /, without hidden ones', async (t) => {
  const server = await serve(t, STATION)
  const html = await (await fetch(server.url, { headers: BROWSER })).text()
  t.match(html, 'Night Radio')
  t.match(html, /Jazz &#?\w+; &#?\w+;b/)
  t.notMatch(html, '<b>Blues')
  t.match(html, '/cd')
  t.notMatch(html, 'secret')
  const player = await (await fetch(`${server.url}/cd`, { headers: BROWSER })).text()
  t.match(player, 'All streams')
  await listen(t, server.port, '/secret').bodyHas(1000)
})

t.test('answers other clients with 404 and the paths of the streams in one line', async (t) => {
  const server = await serve(t, STATION)
  const response = await fetch(server.url)
  t.equal(response.status, 404)
  t.equal(await response.text(), 'there is no stream at this path; streams: /cd, /jazz\n')
  t.equal((await fetch(`${server.url}/nothing`)).status, 404)
})

t.test('has no index when a stream is at /', async (t) => {
  const server = await serve(t, `demo\n${STATION}`)
  await listen(t, server.port).bodyHas(1000)
  const player = await (await fetch(server.url, { headers: BROWSER })).text()
  t.notMatch(player, 'All streams')
})

t.test('gives each stream its own name, and the status a row for each', async (t) => {
  const server = await serve(t, STATION)
  t.match(await listen(t, server.port, '/jazz').headCame(), /icy-name: Jazz & <b>Blues/)
  t.match(await listen(t, server.port, '/cd').headCame(), /icy-name: Night Radio/)
  const { streams } = (await (await fetch(`${server.url}/status.json`)).json()) as { streams: { path: string }[] }
  t.strictSame(
    streams.map(({ path }) => path),
    ['/cd', '/jazz', '/secret'],
  )
})

t.test('lists the FIFOs of a directory, also before they are requested', async (t) => {
  const folder = t.testdir()
  makeFifo(folder, 'north')
  makeFifo(folder, 'south')
  const server = await startServer(t, ['-path', folder])
  t.match(await (await fetch(server.url, { headers: BROWSER })).text(), /north[^]*south/)
  t.equal(await (await fetch(server.url)).text(), 'there is no stream at this path; streams: /north, /south\n')
})
