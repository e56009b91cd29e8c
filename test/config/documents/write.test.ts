import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const script = fileURLToPath(new URL('../../../src/config/documents/write.js', import.meta.url))

t.test('writes the same documents to a folder each time', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const out = join(folder, 'new', 'documents')
  execFileSync(process.execPath, [script, out], { env: { ...process.env, SOURCE_DATE_EPOCH: '86400' } })
  t.strictSame(readdirSync(out).toSorted(), ['_streamserve', 'streamserve.1', 'streamserve.bash'])
  t.match(readFileSync(join(out, 'streamserve.1'), 'utf8'), /^\.TH STREAMSERVE 1 "1970-01-02" "streamserve \d/)
})
