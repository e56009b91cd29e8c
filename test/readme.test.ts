import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { listen } from './client.ts'
import { withFlagTable } from './flag-table.ts'
import { startServer } from './streamserve.ts'

const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8')

t.test('the filter in the README works as it stands', async (t) => {
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(readme) ?? []
  const file = join(mkdtempSync(join(tmpdir(), 'streamserve-')), 'lines.mjs')
  writeFileSync(file, code)
  const script = "printf 'one\\ntw'; sleep 0.1; printf 'o\\nthree\\nhalf'"
  const server = await startServer(t, ['-frame-filter', file, '-reopen=false', '-exec', script])
  const client = listen(t, server.port)
  t.match(await client.headCame(), /content-type: text\/plain; charset=utf-8/i)
  t.equal((await client.closed).toString(), 'one\ntwo\nthree\n', 'whole lines only')
})

t.test('the short form of a command in the README encodes like the long one', async (t) => {
  const [long, short, ...others] = [...readme.matchAll(/curl -sS http:\/\/HOST:8080\/ \| (lame [^'"]+)/g)].map(
    ([, lame]) => lame,
  )
  t.match(long, /^lame -r .*- -$/)
  t.equal(short, long)
  t.strictSame(others, [])
})

t.test('the README has the table of flags that is made from the options', async (t) => {
  t.equal(withFlagTable(readme), readme, 'node dist/test/write-flag-table.js renews it')
})
