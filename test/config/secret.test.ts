import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parseCommandLine } from '../../src/config/command-line.ts'
import { UsageError } from '../../src/config/usage-error.ts'

const SECRET = 'open-sesame'

function tokenOf(text: string): string | undefined {
  const line = parseCommandLine(['-demo', '-talk', '-live-token', text])
  return line.kind === 'run' ? line.configuration.config.liveToken : undefined
}

function refusalOf(text: string): string {
  try {
    tokenOf(text)
  } catch (error) {
    if (error instanceof UsageError) return error.message
  }
  return 'not refused'
}

function inFile(t: Test, text: string): string {
  const path = join(t.testdir(), 'secret')
  writeFileSync(path, text)
  return path
}

t.test('takes a secret from the first line of a file', async (t) => {
  for (const text of [SECRET, `${SECRET}\n`, `${SECRET}\r\n`, `${SECRET}\nmore\n`])
    t.equal(tokenOf(`file:${inFile(t, text)}`), SECRET)
})

t.test('takes a secret from the environment', async (t) => {
  process.env['OF_A_TEST'] = SECRET
  t.teardown(() => delete process.env['OF_A_TEST'])
  t.equal(tokenOf('env:OF_A_TEST'), SECRET)
})

t.test('takes a secret by reference in a configuration file', async (t) => {
  const config = join(t.testdir({ secret: SECRET }), 'main.conf')
  writeFileSync(config, `demo\ntalk\nlive-token file:${join(config, '../secret')}\n`)
  const line = parseCommandLine(['-config', config])
  t.equal(line.kind === 'run' && line.configuration.config.liveToken, SECRET)
})

t.test('reports a missing secret with the reason', async (t) => {
  const folder = t.testdir()
  t.match(refusalOf(`file:${folder}/x`), /^-live-token "file:.*: no such file$/)
  t.match(refusalOf(`file:${folder}`), /not a file|is a directory/)
  t.match(refusalOf('file:'), /no such file/)
  t.match(refusalOf('env:NO_SUCH_THING'), /^-live-token "env:NO_SUCH_THING": is not set in the environment$/)
  t.match(refusalOf(`file:${inFile(t, '\n')}`), /must have at least 8 characters/)
})

t.test('never shows a secret that is refused', async (t) => {
  for (const wrong of ['s3cret!', 'S3cret with blanks', `S3cret${'x'.repeat(300)}`]) {
    t.match(refusalOf(wrong), /^-live-token: /)
    t.notMatch(refusalOf(wrong), /s3cret/i)
    t.notMatch(refusalOf(`file:${inFile(t, wrong)}`), /s3cret/i)
  }
})
