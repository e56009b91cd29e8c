import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { programPlan } from '../plans.ts'
import { needs } from '../programs.ts'

const FILES = fileURLToPath(new URL('../../../deb/files/', import.meta.url))
const EXAMPLES = join(FILES, 'examples')

t.test('the station files of origin and edge are valid, and belong together', async (t) => {
  const origin = programPlan('-config', join(EXAMPLES, 'hub-origin.conf'))
  const edge = programPlan('-config', join(EXAMPLES, 'hub-edge.conf'))
  t.equal(origin.hub?.servers.length, 3)
  t.strictSame(edge.hub?.servers, origin.hub?.servers)
  t.match(origin.streams, [{ path: '/radio.mp3', hubPublish: {} }])
  t.match(edge.streams[0], { sources: [{ kind: 'hub', name: 'radio.mp3', relay: { urls: { length: 2 } } }] })
  const users = readFileSync(join(EXAMPLES, 'nats-hub.conf'), 'utf8')
  t.match(users, `user: ${origin.hub?.origin},`)
  for (const { hub } of [origin, edge])
    t.match(hub?.credentialsFile, /^\/run\/credentials\/streamserve@\w+\.service\/hub$/)
})

/** The programs are not installed here. */
function withoutPrograms(unit: string): string {
  return unit.replaceAll(/^(Exec\w+)=\S.*$/gm, '$1=/bin/true')
}

t.test('systemd accepts the drop-ins', { skip: needs('systemd-analyze') }, async (t) => {
  const folder = t.testdir()
  const verify = (unit: string, content: string, dropIn: string) => {
    const file = join(folder, unit)
    mkdirSync(`${file}.d`)
    writeFileSync(file, withoutPrograms(content))
    writeFileSync(join(`${file}.d`, 'hub.conf'), withoutPrograms(readFileSync(join(EXAMPLES, dropIn), 'utf8')))
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' })
    const lines = stderr.split('\n').filter((line) => line.includes('hub.conf') || line.includes(unit))
    t.strictSame({ status, lines }, { status: 0, lines: [] })
  }
  const service = readFileSync(join(FILES, 'streamserve@.service'), 'utf8')
  verify('streamserve@edge.service', service, 'systemd-hub.conf')
  // As in Debian.
  const nats = '[Service]\nType=simple\nExecStart=/usr/sbin/nats-server -c /etc/nats-server.conf\nUser=daemon\n'
  verify('nats-server.service', nats, 'systemd-nats-server.conf')
})
