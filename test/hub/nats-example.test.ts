import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect, errors } from '@nats-io/transport-node'
import t, { type Test } from 'tap'
import { until } from '../processes.ts'
import { needs } from '../programs.ts'
import { type Cluster, clusterOf, HUB_USERS, type HubUser } from './cluster.ts'
import { NATS_PROGRAMS, natsVersion } from './nats-programs.ts'

const skip = needs('nats-server')
const EXAMPLE = fileURLToPath(new URL('../../../deb/files/examples/nats-hub.conf', import.meta.url))

/** Subjects of the hub, and those of JetStream with which a user could do more than read. */
const SUBJECTS = [
  'ss.a.radio.origin-a',
  'ss.a.radio.origin-b',
  'ss.m.radio.origin-a',
  'ss.m.radio.origin-b',
  'ss.r.radio',
  'ss.s.edge1',
  '$JS.API.STREAM.INFO.SS_LIVE',
  '$JS.API.STREAM.CREATE.SS_LIVE',
  '$JS.API.STREAM.DELETE.SS_LIVE',
  '$JS.API.STREAM.PURGE.SS_LIVE',
  '$JS.API.STREAM.UPDATE.SS_LIVE',
  '$JS.API.STREAM.CREATE.OTHER',
  '$JS.API.CONSUMER.CREATE.SS_LIVE.any.ss.a.radio.*',
  '$JS.API.CONSUMER.DELETE.SS_LIVE.any',
  '$JS.API.CONSUMER.MSG.NEXT.SS_LIVE.any',
] as const
const READ = ['ss.a.>', 'ss.m.>', 'ss.r.*', 'ss.s.*', '_INBOX.any', '>'] as const

const MAY: Readonly<Record<Exclude<HubUser, 'admin'>, { publish: readonly string[]; subscribe: readonly string[] }>> = {
  'origin-a': {
    publish: [SUBJECTS[0], SUBJECTS[2], SUBJECTS[6], SUBJECTS[7]],
    subscribe: ['ss.m.>', 'ss.r.*', 'ss.s.*', '_INBOX.any'],
  },
  'origin-b': {
    publish: [SUBJECTS[1], SUBJECTS[3], SUBJECTS[6], SUBJECTS[7]],
    subscribe: ['ss.m.>', 'ss.r.*', 'ss.s.*', '_INBOX.any'],
  },
  edge: {
    publish: [SUBJECTS[4], SUBJECTS[5], SUBJECTS[6], SUBJECTS[12], SUBJECTS[13], SUBJECTS[14]],
    subscribe: ['ss.a.>', 'ss.m.>', 'ss.s.*', '_INBOX.any'],
  },
  monitor: { publish: [SUBJECTS[6]], subscribe: ['ss.m.>', 'ss.s.*', '_INBOX.any'] },
}

/** Returns what a user is denied: all answers of the server are read first. */
async function deniedTo(t: Test, { urls, caFile }: Cluster, user: HubUser): Promise<Set<string>> {
  const connection = await connect({ servers: urls[0] ?? '', user, pass: `${user}-secret`, tls: { caFile } })
  t.teardown(() => connection.close())
  const denied = new Set<string>()
  const watch = async () => {
    for await (const status of connection.status())
      if (status.type === 'error' && status.error instanceof errors.PermissionViolationError)
        denied.add(`${status.error.operation} ${status.error.subject}`)
  }
  void watch()
  for (const subject of SUBJECTS) connection.publish(subject, '{}')
  for (const subject of READ) connection.subscribe(subject, { callback: () => undefined })
  await connection.flush()
  await until('answers', async () => {
    const before = denied.size
    await connection.flush()
    return denied.size === before
  })
  return denied
}

for (const [where, program] of Object.entries(NATS_PROGRAMS)) {
  const version = natsVersion(program)
  if (version === undefined && where === 'sid') continue
  const missing = version === undefined && `needs nats-server of ${where}`
  t.test(`the example is valid for nats-server ${version}, and limits its users`, { skip: missing }, async (t) => {
    const hub = await clusterOf(t, { program, servers: 1 })
    for (const [user, { publish, subscribe }] of Object.entries(MAY)) {
      const denied = await deniedTo(t, hub, user as HubUser)
      t.strictSame(
        SUBJECTS.filter((subject) => !denied.has(`publish ${subject}`)),
        publish,
        `${user} publishes`,
      )
      t.strictSame(
        READ.filter((subject) => !denied.has(`subscription ${subject}`)),
        subscribe,
        `${user} reads`,
      )
    }
  })
}

t.test('the file of a machine that the example describes is all that it needs', { skip }, async (t) => {
  const example = readFileSync(EXAMPLE, 'utf8')
  const [, lines = ''] = /readable by the user of nats-server only[^\n]*\n#\n([^]*?)\n#\n/.exec(example) ?? []
  const machine = lines
    .replaceAll(/^# {3}/gm, '')
    .replaceAll(/(: *"[^"]*") +.*/g, '$1')
    .concat(...HUB_USERS.map((user) => `\n${user.toUpperCase().replace('-', '_')}_PASSWORD: "secret"`))
  const folder = t.testdir({ 'this-server.conf': machine })
  copyFileSync(EXAMPLE, join(folder, 'nats-hub.conf'))
  const { stderr, status } = spawnSync('nats-server', ['-t', '-c', join(folder, 'nats-hub.conf')], { encoding: 'utf8' })
  // All names are known; the certificates are not there.
  t.match(stderr, /error parsing X509 certificate|no such file/i)
  t.notMatch(stderr, /unknown field|variable reference/)
  t.equal(status, 1)
})
