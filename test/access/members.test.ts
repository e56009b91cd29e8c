import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { listen } from '../client.ts'
import { blockOfDocs } from '../docs/blocks.ts'
import { freePort } from '../free-port.ts'
import { needs, runProgram } from '../programs.ts'
import { startProxyProgram } from '../proxies/proxy-program.ts'
import { run, type Server, startServer } from '../streamserve.ts'

/** The configuration of docs/access.md, with files of its own. */
interface Members {
  readonly server: Server
  readonly folder: string
  /** Port of the callback. */
  readonly callbackPort: number
}

async function startMembers(t: Test): Promise<Members> {
  const folder = t.testdir({ members: '', 'link-key': 'not a secret\n' })
  const callbackPort = await freePort()
  const text = blockOfDocs('members.conf')
    .replace('address :8000\n', '')
    .replaceAll('play /srv/music', 'demo')
    .replaceAll('/etc/streamserve/', `${folder}/`)
    .replace('9000', String(callbackPort))
  const file = join(folder, 'members.conf')
  writeFileSync(file, text)
  return { server: await startServer(t, ['-config', file]), folder, callbackPort }
}

/** Returns the first line of the response to a request for a stream. */
async function statusOf(t: Test, server: Server, target: string, fields = ''): Promise<string> {
  const [line = ''] = (await listen(t, server.port, target, fields).headCame()).split('\r\n')
  return line.replace(/^HTTP\/1\.1 /, '')
}

t.test('members need their password, and may listen on two devices', { skip: needs('htpasswd') }, async (t) => {
  const { server, folder } = await startMembers(t)
  runProgram('htpasswd', ['-B', '-b', '-c', join(folder, 'members'), 'anna', 'secret'])
  const basic = `Authorization: Basic ${Buffer.from('anna:secret').toString('base64')}\r\n`
  t.equal(await statusOf(t, server, '/members.mp3'), '401 Unauthorized')
  t.equal(await statusOf(t, server, '/members.mp3?user=anna&pass=wrong'), '401 Unauthorized')
  t.equal(await statusOf(t, server, '/members.mp3', basic), '200 OK')
  t.equal(await statusOf(t, server, '/members.mp3?user=anna&pass=secret'), '200 OK')
  t.equal(await statusOf(t, server, '/members.mp3', basic), '429 Too Many Requests')
})

t.test('links of the command, of PHP and of a shell open the stream', { skip: needs('php', 'openssl') }, async (t) => {
  const { server, folder } = await startMembers(t)
  const key = join(folder, 'link-key')
  const sign = async (time: string) =>
    (await run(['-sign', '/service.mp3', '-for', time, '-listen-key', `file:${key}`])).stdout.trim()
  const here = (name: string) => {
    const file = join(folder, name)
    writeFileSync(file, blockOfDocs(name).replaceAll('/etc/streamserve/link-key', key))
    return file
  }
  const php = new URL(runProgram('php', [here('link.php')]).toString())
  const shell = new URL(runProgram('sh', [here('link.sh')]).toString())
  for (const link of [await sign('24h'), php.pathname + php.search, shell.pathname + shell.search]) {
    t.equal(await statusOf(t, server, link), '200 OK', link)
    t.equal(await statusOf(t, server, `${link.slice(0, -1)}x`), '403 Forbidden')
  }
  t.equal(await statusOf(t, server, '/service.mp3'), '403 Forbidden')
  const past = php.search.replace(/until=\d+/, 'until=1700000000')
  t.equal(await statusOf(t, server, php.pathname + past), '403 Forbidden')
})

t.test('the callback lets members in, and gives others the reason', { skip: needs('python3') }, async (t) => {
  const { server, folder, callbackPort } = await startMembers(t)
  t.equal(await statusOf(t, server, '/shop.mp3?user=anna&pass=secret'), '503 Service Unavailable')
  const file = join(folder, 'callback.py')
  writeFileSync(file, blockOfDocs('callback.py').replace('9000', String(callbackPort)))
  await startProxyProgram(t, callbackPort, ['python3', file])
  t.equal(await statusOf(t, server, '/shop.mp3?user=anna&pass=secret'), '200 OK')
  const refused = listen(t, server.port, '/shop.mp3?user=anna&pass=wrong')
  t.match(await refused.headCame(), /^HTTP\/1\.1 403 /)
  t.match((await refused.closed).toString(), /this stream is for members/)
  t.equal(await statusOf(t, server, '/shop.mp3'), '401 Unauthorized')
})

t.test('administrators list and disconnect members, and ban addresses', async (t) => {
  const folder = t.testdir({ banned: '', admin: 'hackme\n' })
  const banned = join(folder, 'banned')
  const flags = ['-ban', banned, '-admin-password', `file:${join(folder, 'admin')}`]
  const server = await startServer(t, ['-demo', ...flags])
  const headers = { Authorization: `Basic ${Buffer.from('admin:hackme').toString('base64')}` }
  const ask = async (path: string) => (await fetch(`${server.url}/admin/${path}`, { headers })).text()
  const [stays, goes] = [listen(t, server.port), listen(t, server.port)]
  for (const listener of [stays, goes]) await listener.bodyHas(1)
  const ids = [...(await ask('listclients?mount=/')).matchAll(/<id>(\d+)<\/id>/gi)].map(([, id]) => id)
  t.equal(ids.length, 2)
  await ask(`killclient?mount=/&id=${ids.at(-1)}`)
  await Promise.race([stays.closed, goes.closed])
  writeFileSync(banned, '127.0.0.0/8\n')
  await Promise.all([stays.closed, goes.closed])
  t.equal(await statusOf(t, server, '/'), '403 Forbidden')
})
