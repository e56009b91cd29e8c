/** Tools for access logs of Debian read and rotate the file. */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { accessLine, quotedFields, quotedRequest } from '../../src/access/access-line.ts'
import { AccessLogFile } from '../../src/access/access-log-file.ts'
import { get } from '../access/addresses.ts'
import { connectTo } from '../client.ts'
import { blockOfDocs } from '../docs/blocks.ts'
import { pageOf } from '../docs/pages.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'
import { until } from '../processes.ts'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { parseLine, readLines } from './log-lines.ts'

const run = promisify(execFile)

t.setTimeout(180_000)

const FORMAT = '%h %^ %e [%d:%t %^] "%r" %s %b "%R" "%u" %T'
const TARGETS = [
  '/',
  '/cd',
  '/a%20b?x="%22\'',
  '/?pass=x&y',
  '/%C3%A4?\\',
  'http://radio.example/',
  '*',
  '/admin/x?%00',
]
const AGENTS = [
  undefined,
  '',
  'VLC/3.0.18 LibVLC/3.0.18',
  'a "quoted" \\ agent',
  '\xe4\xf6 \x9f',
  '[x] - "',
  'x'.repeat(5_000),
]
const REFERERS = [undefined, '', 'http://radio.example/?token=x', 'http://u:p@a.example/', '"', '\\']
const STATUSES = [200, 206, 302, 400, 401, 403, 404, 405, 408, 429, 503, 101, 204]
const USERS = [undefined, '', 'anna', 'a b', 'ä"\\', '[x]']
const ADDRESSES = ['192.0.2.7', '2001:db8::7', '127.0.0.1', '::1']
const VISITS = 100_000

/** Makes a line of the kinds that a number selects. */
function lineOf(number: number): string {
  const one = <T>(values: readonly T[]) => values[number % values.length] as T
  return accessLine({
    address: one(ADDRESSES),
    user: one(USERS),
    time: Date.UTC(2026, 0, 1) + number * 997,
    request: quotedRequest(
      number % 17 === 0 ? undefined : `${one(['GET', 'SOURCE', 'PUT', 'BREW'])} ${one(TARGETS)} HTTP/1.1`,
    ),
    fields: quotedFields({ referer: one(REFERERS), agent: one(AGENTS) }),
    status: one(STATUSES),
    bytes: number % 5 === 0 ? 0 : number * 1_000,
    ms: number / 3,
  })
}

t.test('goaccess reads each of 100,000 visits', { skip: needs('goaccess') }, async (t) => {
  const folder = t.testdir()
  const [path, invalid, report] = ['access.log', 'invalid', 'report.json'].map((name) => join(folder, name))
  if (path === undefined || invalid === undefined || report === undefined) throw new Error('no paths')
  const file = new AccessLogFile(path, createManualClock(), keepLog().logger)
  file.open()
  for (let number = 0; number < VISITS; number++) {
    file.add(lineOf(number))
    if (number % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await file.close()
  const formats = [`--log-format=${FORMAT}`, '--date-format=%d/%b/%Y', '--time-format=%T']
  await run('goaccess', [path, '--no-global-config', ...formats, `--invalid-requests=${invalid}`, '-o', report])
  const { general } = JSON.parse(await readFile(report, 'utf8'))
  t.ok(pageOf('access').includes(`--log-format='${FORMAT}' --date-format=%d/%b/%Y --time-format=%T`))
  t.match(general, { total_requests: VISITS, valid_requests: VISITS, failed_requests: 0 })
  t.equal(await readFile(invalid, 'utf8').catch(() => ''), '')
})

t.test('logrotate loses and doubles no line while requests are answered', { skip: needs('logrotate') }, async (t) => {
  const folder = t.testdir()
  const path = join(folder, 'access.log')
  const server = await startServer(t, ['-demo', '-access-log', path])
  t.teardown(async () => {
    server.child.kill('SIGKILL')
    await server.exited
  })
  const config = join(folder, 'rotate.conf')
  const hangup = `kill -HUP ${server.child.pid}`
  await writeFile(config, `${path} {\n rotate 20\n missingok\n postrotate\n  ${hangup}\n endscript\n}\n`, {
    mode: 0o600,
  })
  const rotations = 4
  let asked = 0
  const rotating = new AbortController()
  const ask = async () => {
    while (!rotating.signal.aborted) await connectTo(t, server.port, get(`/n${asked++}`)).closed
  }
  const asking = [ask(), ask(), ask(), ask()]
  for (let rotation = 1; rotation <= rotations; rotation++) {
    await until('more requests', () => asked > 100 * rotation)
    await run('logrotate', ['--force', '--state', join(folder, 'state'), config])
    await server.loggedTimes(/access log opened again/, rotation)
  }
  rotating.abort()
  await Promise.all(asking)
  server.child.kill('SIGTERM')
  await server.exited
  const files = [path, ...Array.from({ length: rotations }, (_, number) => `${path}.${number + 1}`)]
  const lines = (await Promise.all(files.map(readLines))).flat()
  const wanted = Array.from({ length: asked }, (_, number) => `GET /n${number} HTTP/1.1`)
  t.same(lines.map(({ request }) => request).toSorted(), wanted.toSorted())
})

t.test('all lines of nasty values are in the format', async (t) => {
  for (let number = 0; number < 5_000; number++) parseLine(lineOf(number).slice(0, -1))
  t.notMatch(lineOf(3), /pass=x/)
})

t.test(
  'fail2ban finds wrong passwords with the filter of the documentation',
  { skip: needs('fail2ban-regex') },
  async (t) => {
    const folder = t.testdir({ members: 'anna:$apr1$x$\n' })
    const [path, filter] = [join(folder, 'access.log'), join(folder, 'filter.conf')]
    await writeFile(filter, blockOfDocs('/etc/fail2ban/filter.d/streamserve.conf'))
    const flags = ['-demo', '-listen-users', join(folder, 'members'), '-access-log', path]
    const server = await startServer(t, flags)
    for (const query of ['', '?user=anna&pass=401', '?user=ben&pass=x']) {
      await connectTo(t, server.port, get(`/${query}`, 'User-Agent: a "401" agent\r\n')).closed
    }
    await connectTo(t, server.port, get('/nothing" 401', 'User-Agent: " 401\r\n')).closed
    await until('four lines', async () => (await readFile(path, 'utf8').catch(() => '')).split('\n').length > 4)
    const { stdout } = await run('fail2ban-regex', [path, filter])
    t.match(stdout, /4 lines, 0 ignored, 3 matched, 1 missed/)
  },
)
