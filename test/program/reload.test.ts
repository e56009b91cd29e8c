import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { listen } from '../client.ts'
import { type Server, startServer } from '../streamserve.ts'

/** Starts a server with a configuration file. @returns also a function that changes the file and makes the server reload it. */
async function startConfigured(
  t: Test,
  lines: readonly string[],
  stdin: 'ignore' | 'pipe' = 'ignore',
): Promise<{
  server: Server
  rewrite: (lines: readonly string[], answer: RegExp) => Promise<string>
}> {
  const file = join(mkdtempSync(join(tmpdir(), 'streamserve-')), 'trial.conf')
  writeFileSync(file, lines.join('\n'))
  const server = await startServer(t, ['-config', file], { stdin })
  return {
    server,
    async rewrite(next, answer) {
      writeFileSync(file, next.join('\n'))
      const before = server.count(answer)
      server.child.kill('SIGHUP')
      return (await server.loggedTimes(answer, before + 1)).at(-1) ?? ''
    },
  }
}

t.test('applies a new name to new listeners, and keeps the present ones', async (t) => {
  const { server, rewrite } = await startConfigured(t, ['demo', 'name One'])
  const client = listen(t, server.port)
  t.match(await client.headCame(), /icy-name: One/)
  t.match(await rewrite(['demo', 'name Two'], /configuration reloaded/), /changed=1 removed=0/)
  t.match(await listen(t, server.port).headCame(), /icy-name: Two/)
  await client.bodyHas(client.body().length + 100_000)
})

t.test('counts present listeners for a limit that a reload brings, and only clients', async (t) => {
  const copy = ['[/copy]', 'from /', 'warm']
  const { server, rewrite } = await startConfigured(t, ['demo', ...copy])
  const clients = [listen(t, server.port), listen(t, server.port)]
  for (const client of clients) await client.bodyHas(1)
  await rewrite(['demo', 'max-listeners 3', ...copy, 'max-listeners 0'], /configuration reloaded/)
  const third = listen(t, server.port)
  t.match(await third.headCame(), ' 200 ')
  t.match(await listen(t, server.port).headCame(), ' 503 ')
  clients[0]?.socket.destroy()
  await server.loggedTimes(/listener disconnected/, 1)
  t.match(await listen(t, server.port).headCame(), ' 200 ')
})

t.test('disconnects listeners of a replaced stream, which reconnect for the new one', async (t) => {
  const { server, rewrite } = await startConfigured(t, ['demo'])
  const client = listen(t, server.port)
  await client.bodyHas(1)
  t.match(await rewrite(['exec yes new', 'frame-filter raw'], /configuration reloaded/), /changed=1 removed=0/)
  await client.closed
  t.match((await listen(t, server.port).bodyHas(100)).toString(), /new\n/)
})

t.test('reports a wrong file with its line, and changes nothing', async (t) => {
  const { server, rewrite } = await startConfigured(t, ['demo', 'name One'])
  const client = listen(t, server.port)
  await client.bodyHas(1)
  t.match(await rewrite(['demo', 'nane Two'], /configuration rejected/), /trial\.conf:2: .*nane/)
  t.match(await rewrite(['path /nowhere/at/all'], /configuration rejected/), /nowhere/)
  t.match(await listen(t, server.port).headCame(), /icy-name: One/)
  await client.bodyHas(client.body().length + 100_000)
})

for (const [what, lines] of [
  ['is empty', []],
  ['has comments only', ['# demo', '']],
  ['names no source', ['name One', 'talk']],
] as const) {
  t.test(`keeps listeners and logs the reason when the file ${what} at a reload`, async (t) => {
    const { server, rewrite } = await startConfigured(t, ['demo', 'name One'])
    const client = listen(t, server.port)
    await client.bodyHas(1)
    t.match(await rewrite(lines, /configuration rejected/), /trial\.conf: (contains no flags|names no source)/)
    await client.bodyHas(client.body().length + 100_000)
    t.equal(server.count(/source closed|listener disconnected/), 0)
    t.match(await rewrite(['demo', 'name Two'], /INFO .*configuration reloaded/), /changed=1 removed=0/)
  })
}

t.test('accepts a file without a source, but not an empty one, while it reads standard input', async (t) => {
  const { server, rewrite } = await startConfigured(t, ['name One'], 'pipe')
  t.match(await rewrite(['name Two'], /INFO .*configuration reloaded/), /changed=1 removed=0/)
  t.match(await rewrite([], /configuration rejected/), /contains no flags/)
  t.match(await listen(t, server.port, '/', 'Icy-MetaData: 1\r\n').headCame(), /icy-name: Two/)
})

t.test('names options that need a restart, and keeps them', async (t) => {
  const { server, rewrite } = await startConfigured(t, ['demo', 'header-timeout 1s'])
  t.match(await rewrite(['demo', 'header-timeout 2s'], /restart required/), /option=header-timeout/)
  await server.logged(/configuration reloaded streams=1 changed=0 removed=0/)
})

t.test('ends on SIGHUP without a configuration file', async (t) => {
  const server = await startServer(t, ['-demo'])
  server.child.kill('SIGHUP')
  t.equal(await server.exited, 0)
})
