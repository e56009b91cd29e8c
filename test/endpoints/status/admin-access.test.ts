import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { startServer } from '../../streamserve.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']
const REMOTE = { 'X-Forwarded-For': '198.51.100.7' }
/** `openssl passwd -apr1 secret` */
const ANNA = 'anna:$apr1$BkA0zzWX$8VIAv1eB1aT.lRcIMNnON.\n'
const PAGES = ['/status', '/status.json', '/status/events', '/status/qr.svg']

function basic(user: string, password: string): Record<string, string> {
  return { ...REMOTE, Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}

t.test('asks clients from elsewhere for the password of an administrator', async (t) => {
  const server = await startServer(t, ['-demo', '-admin-password', 'pass-word'])
  for (const path of PAGES) {
    const refused = await fetch(server.url + path, { headers: REMOTE })
    t.equal(refused.status, 401, path)
    t.match(refused.headers.get('www-authenticate'), /^Basic realm=/)
    const allowed = await fetch(server.url + path, { headers: basic('admin', 'pass-word') })
    t.equal(allowed.status, 200, path)
    await allowed.body?.cancel()
    t.equal((await fetch(server.url + path, { method: 'HEAD' })).status, 200, 'and this machine is not asked')
  }
  t.equal((await fetch(`${server.url}/status`, { headers: basic('admin', 'pass-wor') })).status, 401)
  t.equal((await fetch(`${server.url}/status`, { headers: basic('source', 'pass-word') })).status, 401)
})

t.test('shows commands to administrators only with -status=all', async (t) => {
  const command = 'echo detail 4711 >&2; exec sleep 4711'
  const options = ['-status', 'all', '-admin-password', 'pass-word', '-warm', '-exec', command]
  const server = await startServer(t, [...RAW, ...options])
  await server.logged(/source stderr/)
  const open = await fetch(`${server.url}/status.json`)
  t.notMatch(await open.text(), '4711')
  const login = await fetch(`${server.url}/status.json?login`)
  t.equal(login.status, 401, 'a browser asks its user')
  const admin = await fetch(`${server.url}/status.json`, { headers: basic('admin', 'pass-word') })
  t.match(await admin.json(), { streams: [{ source: { label: /sleep 4711/, said: [{ text: 'detail 4711' }] } }] })
  const wrong = await fetch(`${server.url}/status.json`, { headers: basic('admin', 'guess') })
  t.equal(wrong.status, 401)
})

t.test('accepts the users of a file, and refuses a network that guesses', async (t) => {
  const file = join(t.testdir(), 'admins')
  writeFileSync(file, ANNA)
  const server = await startServer(t, ['-demo', '-admin-users', file])
  const ask = async (user: string, password: string) =>
    (await fetch(`${server.url}/status.json`, { headers: basic(user, password) })).status
  t.equal(await ask('anna', 'secret'), 200)
  t.equal(await ask('admin', 'secret'), 401)
  t.equal(await ask('admin', ''), 401, 'and there is no user without a password')
  for (let i = 0; i < 3; i++) t.equal(await ask('anna', `guess ${i}`), 401)
  t.equal(await ask('anna', 'secret'), 429)
})

t.test('has no status for administrators with -status=off', async (t) => {
  const server = await startServer(t, ['-demo', '-status', 'off', '-admin-password', 'pass-word'])
  t.equal((await fetch(`${server.url}/status`, { headers: basic('admin', 'pass-word') })).status, 404)
})
