import { appendFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { listen } from '../../client.ts'
import { run, startServer } from '../../streamserve.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']

t.test('reads a file from beginning to end repeatedly, and keeps the listener', async (t) => {
  const file = `${t.testdir({ file: 'once upon a time' })}/file`
  const server = await startServer(t, [...RAW, '-path', file])
  const listener = listen(t, server.port)
  t.equal((await listener.bodyHas(48)).toString(), 'once upon a time'.repeat(3))
})

t.test('sends all of the file, a short tail too, and exits with 0 without reopening', async (t) => {
  const file = `${t.testdir({ file: 'x'.repeat(100_003) })}/file`
  const server = await startServer(t, [...RAW, '-reopen=false', '-path', file])
  const listener = listen(t, server.port)
  t.equal((await listener.closed).length, 100_003)
  t.equal(await server.exited, 0)
  t.match(server.log(), /shutdown started reason="the source has ended"/)
})

t.test('follows a link to a file', async (t) => {
  const directory = t.testdir({ file: 'once upon a time' })
  symlinkSync('file', `${directory}/link`)
  const server = await startServer(t, [...RAW, '-path', `${directory}/link`])
  t.equal((await listen(t, server.port).bodyHas(16)).toString(), 'once upon a time')
})

t.test('reads a changed file again at the next opening', async (t) => {
  const file = `${t.testdir({ file: 'aaaa' })}/file`
  const server = await startServer(t, [...RAW, '-path', file])
  const listener = listen(t, server.port)
  await listener.bodyHas(4)
  writeFileSync(file, 'bbbb')
  while (!listener.body().includes('bbbb')) await listener.bodyHas(listener.body().length + 4)
  t.match(listener.body().toString(), /^(aaaa)+(bbbb)+$/)
})

t.test('warns once of a file that grows while it is played, and not of a replaced one', async (t) => {
  const folder = t.testdir({ file: 'aaaa', other: 'aaaa' })
  const server = await startServer(t, [...RAW, '-path', `${folder}/file`])
  const listener = listen(t, server.port)
  for (let i = 0; i < 3; i++) {
    appendFileSync(`${folder}/file`, 'bbbb')
    await listener.bodyHas(listener.body().length + 4)
  }
  t.match(await server.logged(/file growth detected/), /live sound .* FIFO/)
  t.equal(server.count(/file growth detected/), 1)
  const exchanged = await startServer(t, [...RAW, '-path', `${folder}/other`])
  const client = listen(t, exchanged.port)
  await client.bodyHas(4)
  writeFileSync(`${folder}/new`, 'cccccccc')
  renameSync(`${folder}/new`, `${folder}/other`)
  while (!client.body().includes('cccccccccccccccc')) await client.bodyHas(client.body().length + 4)
  t.equal(exchanged.count(/file growth detected/), 0)
})

t.test('refuses a path that is missing or not a source in one line before anything is opened', async (t) => {
  const missing = await run(['-address', '127.0.0.1:0', '-path', '/no/such/file'])
  t.equal(missing.code, 1)
  t.equal(missing.stderr, 'streamserve: /no/such/file does not exist (mkfifo creates a FIFO)\n')
  t.equal(missing.stdout, '')
})
