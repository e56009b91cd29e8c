import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { listen } from '../../client.ts'
import { needs, runProgram } from '../../programs.ts'
import { startServer } from '../../streamserve.ts'
import { ask, PASSWORD, textOf } from '../admin/admin-client.ts'

const ADMIN = ['-admin-password', PASSWORD]
const HOSTILE = '</track> & "x" \u001b[0m'

async function setTitle(url: string, mount: string, song: string): Promise<void> {
  await textOf(ask(url, `metadata?${new URLSearchParams({ mode: 'updinfo', mount, song }).toString()}`))
}

t.test('lists the last titles of a stream, newest first', async (t) => {
  const server = await startServer(t, ['-demo', '-name', 'A & B', ...ADMIN])
  await listen(t, server.port).bodyHas(1_000)
  for (let i = 1; i <= 25; i++) await setTitle(server.url, '/', `title ${i}`)
  const answer = await fetch(`${server.url}/live.titles.json`)
  t.match(answer.headers.get('content-type'), 'application/json')
  const list = (await answer.json()) as { titles: unknown[] }
  t.match(list, { path: '/', name: 'A & B', title: 'title 25', listen: `${server.url}/` })
  t.equal(list.titles.length, 20)
  t.match(list.titles[19], { title: 'title 6', since: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ })
})

t.test('makes a playlist that players open', { skip: needs('xmllint') }, async (t) => {
  const file = join(t.testdir({ 'x.conf': '[/a b.mp3]\ndemo\n' }), 'x.conf')
  const server = await startServer(t, ['-config', file, ...ADMIN])
  await listen(t, server.port, '/a%20b.mp3').bodyHas(1_000)
  await setTitle(server.url, '/a b.mp3', 'before')
  await setTitle(server.url, '/a b.mp3', HOSTILE)
  const answer = await fetch(`${server.url}/a%20b.mp3.xspf`)
  t.match(answer.headers.get('content-type'), 'application/xspf+xml')
  const text = await answer.text()
  runProgram('xmllint', ['--noout', '-'], Buffer.from(text))
  t.match(text, `<location>${server.url}/a%20b.mp3?wav</location>`)
  t.match(text, '&lt;/track&gt; &amp; &quot;x&quot;')
  t.match(text, /<annotation>\S+Z .*\n\S+Z before<\/annotation>/)
})

t.test('has none of a path without a stream, and a stream at the same path comes first', async (t) => {
  const file = join(t.testdir({ 'x.conf': '[/a]\ndemo\n[/a.xspf]\ndemo\n' }), 'x.conf')
  const server = await startServer(t, ['-config', file])
  for (const path of ['/b.xspf', '/b.titles.json', '/live.xspf', '/all.titles.json'])
    t.equal((await fetch(server.url + path)).status, 404, path)
  t.equal((await fetch(`${server.url}/a.titles.json`)).status, 200)
  const sound = listen(t, server.port, '/a.xspf')
  await sound.bodyHas(1_000)
  t.match(sound.head(), /Content-Type: audio\//)
})

t.test('follows the rules of who may listen', async (t) => {
  const folder = t.testdir()
  const file = join(folder, 'users')
  // `openssl passwd -apr1 secret`
  writeFileSync(file, 'anna:$apr1$BkA0zzWX$8VIAv1eB1aT.lRcIMNnON.\n')
  writeFileSync(join(folder, 'x.conf'), `[/a]\ndemo\nlisten-users ${file}\n`)
  const server = await startServer(t, ['-config', join(folder, 'x.conf')])
  for (const end of ['.m3u', '.pls', '.xspf', '.titles.json']) {
    t.equal((await fetch(`${server.url}/a${end}`)).status, 401)
    const allowed = await fetch(`${server.url}/a${end}?user=anna&pass=secret`)
    t.equal(allowed.status, 200)
    t.match(await allowed.text(), /\/a\?.*user=anna/, 'and the address has what the player needs')
  }
})

const STATION = `name Night
[/]
demo
[/b.mp3]
exec lame --quiet -r -s 8 -m m -b 32 - - </dev/zero
[/secret]
demo
hidden
[/members]
demo
listen-key 0123456789abcdef
[/over]
exec true
reopen false
[/guests/*]
publish
publish-anybody
`

t.test('lists all streams that every client may have', async (t) => {
  const server = await startServer(t, ['-config', join(t.testdir({ 'x.conf': STATION }), 'x.conf')])
  const list = async (path: string) => (await fetch(server.url + path)).text()
  const { url } = server
  const over = `#EXTINF:-1,Night – over\n${url}/over\n`
  const m3u = `#EXTM3U\n#EXTINF:-1,Night\n${url}/?wav\n#EXTINF:-1,Night – b.mp3\n${url}/b.mp3\n${over}`
  t.equal(await list('/all.m3u'), m3u)
  t.match(await list('/all.pls'), `NumberOfEntries=3\nFile1=${url}/?wav\n`)
  t.match(await list('/all.xspf'), `<location>${url}/b.mp3</location><title>Night – b.mp3</title>`)
  t.match(await list('/secret.m3u'), `${url}/secret?wav`, 'who knows the path of a hidden stream has its list')
})

t.test('has no list of a stream that has ended, nor of one that is not published', async (t) => {
  const server = await startServer(t, ['-config', join(t.testdir({ 'x.conf': STATION }), 'x.conf')])
  await listen(t, server.port, '/over').closed
  const over = await fetch(`${server.url}/over.pls`)
  t.equal(over.status, 503)
  t.equal(await over.text(), 'this stream has ended\n')
  t.equal((await fetch(`${server.url}/guests/anna.m3u`)).status, 404)
})

t.test('sends clients from the paths of version 0.1', async (t) => {
  const server = await startServer(t, ['-demo'])
  const old = await fetch(`${server.url}/player/live.m3u?user=a`)
  t.equal(old.url, `${server.url}/live.m3u?user=a`)
  t.match(await old.text(), `${server.url}/?wav&user=a\n`)
})

const PLAYERS = {
  mpg123: ['-q', '-w', '/dev/null', '-@'],
  mpv: ['--no-config', '--ao=null', '--no-video'],
}

for (const [player, words] of Object.entries(PLAYERS)) {
  t.test(`${player} plays the lists`, { skip: needs(player, 'lame') }, async (t) => {
    const server = await startServer(t, ['-config', join(t.testdir({ 'x.conf': STATION }), 'x.conf')])
    for (const [i, kind] of ['m3u', 'pls'].entries()) {
      const child = spawn(player, [...words, `${server.url}/b.mp3.${kind}`], { stdio: 'ignore' })
      const ended = once(child, 'exit')
      t.match((await server.loggedTimes(/listener connected/, i + 1))[i], /stream=\/b\.mp3/, kind)
      child.kill('SIGKILL')
      await ended
    }
  })
}
