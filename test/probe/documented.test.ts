/** What docs/monitoring.md says of probes, and its examples. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { reportJson, reportText } from '../../src/probe/report-text.ts'
import { blockOfDocs, blocksOf } from '../docs/blocks.ts'
import { pageOf } from '../docs/pages.ts'
import { needs } from '../programs.ts'
import { MAIN, PLAIN_NODE, run, startServer } from '../streamserve.ts'
import { probed } from './probed.ts'

/** Returns the names of the rows of a report. */
function rowsOf(report: string): string[] {
  return [...report.matchAll(/^ {2}(\w+) /gm)].map(([, name = '']) => name)
}

/** Returns the names of all values of an object, with those of the objects within. */
function namesOf(value: object, before = ''): string[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? namesOf(inner, `${before}${name}.`)
      : [before + name],
  )
}

t.test('a report has the documented rows and fields', async (t) => {
  const server = await startServer(t, ['-demo'])
  // The pace is that of the sound behind the first second.
  const report = await probed(server.url, { listenMs: 1_500 })
  const documented = blocksOf('docs/monitoring.md').find(({ text }) => text.startsWith('good'))?.text ?? ''
  t.strictSame(rowsOf(reportText(report)), rowsOf(documented))
  const table = pageOf('monitoring')
    .split('\n')
    .filter((line) => /^\| `[a-z]/.test(line))
  const fields = table.flatMap((line) =>
    [...(line.split('|')[1] ?? '').matchAll(/`([\w.]+)`/g)].map(([, name]) => name),
  )
  t.strictSame(new Set(fields), new Set(namesOf(JSON.parse(reportJson(report)) as object)))
})

t.test('the command of Nagios has the exit code of the probe', async (t) => {
  const server = await startServer(t, ['-demo'])
  const [, line = ''] = /command_line +(.*)/.exec(blockOfDocs('/etc/nagios4/conf.d/streamserve.cfg')) ?? []
  const [program, ...words] = line.replace('$ARG1$', server.url).replace('5s', '1s').split(' ')
  t.equal(program, '/usr/bin/streamserve')
  t.match(await run(words), { code: 0, stdout: /^good: / })
})

t.test('the line of cron prints the report of a stream that is not good', async (t) => {
  const [, command = ''] = /^\*\/5 \* \* \* \* nobody (.*)$/m.exec(blockOfDocs('/etc/cron.d/probe')) ?? []
  const here = command.replace('localhost:8080', '127.0.0.1:1').replace('streamserve', [...PLAIN_NODE, MAIN].join(' '))
  const { stdout, status } = spawnSync('sh', ['-c', here], { encoding: 'utf8' })
  t.match(stdout, /^nothing to hear: http:\/\/127\.0\.0\.1:1\/: connection refused; /)
  t.equal(status, 0)
})

t.test('systemd accepts the units', { skip: needs('systemd-analyze') }, async (t) => {
  const folder = t.testdir()
  const names = ['/etc/systemd/system/probe.service', '/etc/systemd/system/probe.timer']
  const files = names.map((name) => {
    const file = join(folder, name.slice(name.lastIndexOf('/')))
    writeFileSync(file, blockOfDocs(name).replace('/usr/bin/streamserve', '/bin/true'))
    return file
  })
  const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', ...files], {
    encoding: 'utf8',
  })
  t.equal(stderr, '')
})
