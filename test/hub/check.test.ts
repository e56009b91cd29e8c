import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { freePort } from '../free-port.ts'
import { needs } from '../programs.ts'
import { run } from '../streamserve.ts'
import { type Cluster, clusterOf, type HubUser } from './cluster.ts'

const skip = needs('nats-server')

const EXAMPLES = fileURLToPath(new URL('../../../deb/files/examples/', import.meta.url))

/** Writes the station file of a program that connects as a user. @returns its path */
function stationOf(t: Test, cluster: Cluster, user: HubUser, sections: string, origin: string = user): string {
  const file = join(t.testdir(), 'main.conf')
  const hub = `hub ${cluster.urls.join(',')}\nhub-ca ${cluster.caFile}\nhub-credentials ${cluster.credentials(user)}`
  writeFileSync(file, `${hub}\nhub-origin ${origin}\n${sections}`)
  return file
}

/** Returns the lines of -check, without the table of streams. */
async function check(file: string): Promise<{ code: number | null; lines: readonly string[] }> {
  const { code, stdout } = await run(['-check', '-config', file])
  return { code, lines: (stdout.split('\n\n')[0] ?? '').split('\n') }
}

const ORIGIN = '[/radio]\ndemo\nhub-publish\n[/talk]\ndemo\nhub-publish\nhub-name talk.live\n'
const EDGE = '[/radio]\nfrom hub:radio\n[/*]\nfrom hub:*\n'

/** The account has none. */
function withoutJetStream(configuration: string): string {
  return configuration.replace(/^ {4}jetstream \{[^}]*\}/m, '')
}

t.setTimeout(300_000)
t.test('-check says what the hub permits', { skip }, async (t) => {
  const cluster = await clusterOf(t)
  await cluster.jetStreamReady()

  t.test('names the user, and finds nothing wrong with the users of the example', async (t) => {
    for (const [user, sections] of [
      ['origin-a', ORIGIN],
      ['edge', EDGE],
    ] as const) {
      const { code, lines } = await check(stationOf(t, cluster, user, sections))
      t.equal(code, 0)
      t.match(lines, [
        /main\.conf has no errors$/,
        new RegExp(`^hub: tls://127\\.0\\.0\\.1:\\d+ \\(nats-server [\\d.]+\\) can be reached as the user ${user}$`),
        'hub: it permits what the streams of this program need',
      ])
    }
  })

  t.test('finds that the users of the example may do what its station files need', async (t) => {
    for (const [user, example] of [
      ['origin-a', 'hub-origin.conf'],
      ['edge', 'hub-edge.conf'],
    ] as const) {
      const sections = readFileSync(EXAMPLES + example, 'utf8').replaceAll(
        /^(hub|hub-ca|hub-credentials|hub-origin) .*\n/gm,
        '',
      )
      const { lines } = await check(stationOf(t, cluster, user, sections))
      t.match(lines.at(-1), 'hub: it permits what the streams of this program need')
      t.notMatch(lines.join('\n'), /^ {2}-hub/m)
    }
  })

  t.test('says in one line each what is denied', async (t) => {
    const other = await check(stationOf(t, cluster, 'origin-a', ORIGIN, 'studio'))
    t.equal(other.code, 0, 'it is not an error of the file')
    t.strictSame(other.lines.slice(1, -1), [
      '  -hub: the hub denies to publish to ss.a.*.studio: its user needs that in permissions, publish',
      '  -hub: the hub denies to publish to ss.m.*.studio: its user needs that in permissions, publish',
    ])
    const edge = await check(stationOf(t, cluster, 'edge', ORIGIN))
    t.match(edge.lines, [
      /has no errors, and \d warnings:$/,
      /^  -hub: the hub denies to publish to ss\.a\.\*\.edge: its user needs/,
      /^  -hub: the hub denies to publish to ss\.m\.\*\.edge: its user needs/,
    ])
    const reader = await check(stationOf(t, cluster, 'origin-b', EDGE))
    const text = reader.lines.join('\n')
    for (const subject of ['publish to ss.r.*', 'subscribe to ss.a.*.*', 'publish to ss.s.origin-b']) {
      t.match(text, `the hub denies to ${subject}`)
    }
  })

  t.test('says that credentials are wrong, that one server is away, and that all are', async (t) => {
    const file = stationOf(t, cluster, 'origin-a', ORIGIN)
    const credentials = join(t.testdirName, 'wrong')
    writeFileSync(credentials, 'origin-a:wrong\n')
    const wrong = stationOf(t, { ...cluster, credentials: () => credentials }, 'origin-a', ORIGIN)
    writeFileSync(credentials, 'origin-a:wrong\n')
    const all = cluster.urls.join(', ')
    t.match((await check(wrong)).lines, [
      /one warning:$/,
      `  -hub ${all}: the server refuses the credentials of ${credentials}`,
    ])
    writeFileSync(file, `hub nats://127.0.0.1:${await freePort()}\n${ORIGIN}`)
    const none = await check(file)
    t.match(none, { code: 0, lines: [/one warning:$/, /: connection refused: no server listens there$/] })
    writeFileSync(file, `hub-credentials /nowhere\nhub ${cluster.urls[0]}\n${ORIGIN}`)
    t.match((await check(file)).lines, [/one warning:$/, /^  -hub-credentials \/nowhere: cannot be read/])
    await cluster.kill(0)
    const text = (await check(stationOf(t, cluster, 'origin-a', ORIGIN))).lines.join('\n')
    t.match(text, `-hub ${cluster.urls[0]}: connection refused: no server listens there`)
    t.match(text, /^hub: tls:.* can be reached as the user origin-a$/m)
  })

  t.test('does not wait for a server that is stopped', async (t) => {
    await cluster.server(1).signal('SIGSTOP')
    t.teardown(() => cluster.server(1).signal('SIGCONT'))
    const { lines } = await check(stationOf(t, cluster, 'origin-a', ORIGIN))
    t.match(lines.join('\n'), `-hub ${cluster.urls[1]}: the server does not answer`)
  })
})

t.test('-check says that the hub keeps nothing', { skip }, async (t) => {
  const cluster = await clusterOf(t, { servers: 1, change: withoutJetStream })
  const { code, lines } = await check(stationOf(t, cluster, 'origin-a', ORIGIN))
  t.equal(code, 0)
  t.match(lines[1], /^ {2}-hub: the hub keeps no frames for edges that start: JetStream .*jetstream/)
})
