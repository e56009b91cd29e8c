import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { needs } from '../programs.ts'

const DEB = fileURLToPath(new URL('../../../deb/', import.meta.url))

/** The programs are not installed here. */
function withoutPrograms(unit: string): string {
  return unit.replaceAll(/^(Exec\w+)=\S.*$/gm, '$1=/bin/true')
}

t.test(
  'systemd accepts the probe and its timer, and the service of a user',
  { skip: needs('systemd-analyze') },
  async (t) => {
    const folder = t.testdir()
    const service = (name: string, path: string) =>
      writeFileSync(join(folder, name), withoutPrograms(readFileSync(join(DEB, path), 'utf8')))
    service('streamserve-probe.service', 'files/examples/systemd-probe.service')
    copyFileSync(join(DEB, 'files/examples/systemd-probe.timer'), join(folder, 'streamserve-probe.timer'))
    service('streamserve.service', 'tar/systemd-user.service')
    for (const name of ['streamserve-probe.timer', 'streamserve-probe.service', 'streamserve.service']) {
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', join(folder, name)], {
        encoding: 'utf8',
      })
      const lines = stderr.split('\n').filter((line) => line.includes('streamserve'))
      t.strictSame({ status, lines }, { status: 0, lines: [] }, name)
    }
  },
)
