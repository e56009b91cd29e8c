import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { manPage } from '../../../src/config/documents/man-page.ts'
import { needs } from '../../programs.ts'

const page = manPage({ version: '1.2.3', date: '2026-05-31' })

t.test('the page has the sections that readers look for, in their order', async (t) => {
  const sections = [...page.matchAll(/^\.SH (.*)$/gm)].map(([, title]) => title)
  t.strictSame(sections, [
    'NAME',
    'SYNOPSIS',
    'DESCRIPTION',
    'OPTIONS',
    'CONFIGURATION FILE',
    'PAGES',
    'FILES',
    'ENVIRONMENT',
    'EXIT STATUS',
    'SIGNALS',
    'EXAMPLES',
    'SEE ALSO',
    'AUTHORS',
    'COPYRIGHT',
  ])
})

t.test('the source of the page is plain ASCII, and each line is text or a known request', async (t) => {
  t.notMatch(page, /[^\n -~]/)
  for (const line of page.split('\n')) t.notMatch(line, /^(\.(?!(TH|SH|SS|TP|PP|RS|RE|nf|fi|br|nh|ad|BR)\b)|')/)
})

t.test('man shows the page without a warning', { skip: needs('man') }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'streamserve.1')
  writeFileSync(file, page)
  const env = { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '80' }
  const { status, stdout, stderr } = spawnSync('man', ['--warnings', '-E', 'UTF-8', '-l', file], {
    encoding: 'utf8',
    env,
  })
  t.strictSame({ status, stderr }, { status: 0, stderr: '' })
  t.match(stdout, /^STREAMSERVE\(1\) +User Commands +STREAMSERVE\(1\)$/m)
  t.match(stdout, /^ {7}-frame-filter, -filter NAME$/m)
  t.match(stdout, /^ {11}exec arecord -f cd -t raw \| lame -r -b 128 - -$/m)
  t.match(stdout, /^ {19,}-exec sh -c 'arecord -f cd -t raw \| lame -r -b 128 - -'$/m)
  t.match(stdout, /^streamserve 1\.2\.3 +2026-05-31 +STREAMSERVE\(1\)$/m)
  for (const line of stdout.split('\n')) t.ok(line.length <= 80, line)
})
