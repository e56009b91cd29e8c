import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { connectTo, listen } from '../../client.ts'
import { needs, runProgram } from '../../programs.ts'
import { type Server, startServer } from '../../streamserve.ts'
import { ask, basic, idsIn, PASSWORD, textOf } from './admin-client.ts'

const ADMIN = ['-admin-password', PASSWORD]
const ACTIONS = [
  'killclient?mount=/&id=1',
  'killsource?mount=/',
  'moveclients?mount=/&destination=/x',
  'fallbacks?mount=/',
]
const READ = ['stats', 'stats.xml', 'stats.json', 'listmounts', 'listclients?mount=/', 'listclients.json?mount=/']
/** Markup, quotes, an escape sequence, a character that is not of XML, and one of two UTF-16 units. */
const HOSTILE = `<b>&"']]>${String.fromCharCode(0x1b)}[31m\uFFFE\u{1F3B5}</source>`

function titled(server: Server, title: string, path = '/'): Promise<Response> {
  const query = new URLSearchParams({ mode: 'updinfo', mount: path, song: title })
  return ask(server.url, `metadata?${query.toString()}`)
}

t.test('answers with 403 without an administrator, and says what makes one', async (t) => {
  const server = await startServer(t, ['-demo'])
  for (const name of [...READ, ...ACTIONS, 'nothing', 'metadata?mount=/&mode=updinfo&song=x']) {
    const answer = await ask(server.url, name)
    t.equal(answer.status, 403, name)
    t.match(await answer.text(), /^.*-admin-password.*\n$/)
  }
})

t.test('asks for a password, and refuses a wrong one, and a network that guesses', async (t) => {
  const server = await startServer(t, ['-demo', ...ADMIN])
  for (const name of [...READ, ...ACTIONS]) {
    const answer = await fetch(`${server.url}/admin/${name}`)
    t.equal(answer.status, 401, name)
    t.match(answer.headers.get('www-authenticate'), /^Basic /)
  }
  const guess = (password: string) => ask(server.url, 'stats', { headers: { Authorization: basic('admin', password) } })
  for (let i = 0; i < 5; i++) t.equal((await guess(`guess ${i}`)).status, 401)
  t.equal((await guess(PASSWORD)).status, 429)
  t.notMatch(server.log(), /guess|pass-word/)
})

t.test('accepts administrators of a file', async (t) => {
  const file = join(t.testdir(), 'admins')
  // `openssl passwd -apr1 secret`
  writeFileSync(file, 'anna:$apr1$BkA0zzWX$8VIAv1eB1aT.lRcIMNnON.\n')
  const server = await startServer(t, ['-demo', '-admin-users', file])
  const as = (user: string) => ask(server.url, 'stats', { headers: { Authorization: basic(user, 'secret') } })
  t.equal((await as('anna')).status, 200)
  t.equal((await as('admin')).status, 401)
})

t.test('refuses actions that a page of another site causes, and only these', async (t) => {
  const server = await startServer(t, ['-demo', ...ADMIN])
  const here = `http://127.0.0.1:${server.port}`
  const foreign = [
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { 'User-Agent': 'Mozilla/5.0 (X11)' },
    { 'User-Agent': 'Mozilla/5.0 (X11)', Referer: 'http://evil.example/' },
  ]
  const own = [
    {},
    { 'Sec-Fetch-Site': 'same-origin' },
    { Origin: here },
    { 'User-Agent': 'Mozilla/5.0 (X11)', Referer: `${here}/status` },
  ]
  for (const fields of foreign) {
    const options = { headers: fields as Record<string, string> }
    for (const name of ACTIONS) t.equal((await ask(server.url, name, options)).status, 403, JSON.stringify(fields))
    t.equal((await ask(server.url, 'stats', options)).status, 200)
  }
  const told = await ask(server.url, 'metadata?mode=updinfo&mount=/&song=x', {
    headers: { Origin: 'https://evil.example' },
  })
  t.equal(told.status, 403)
  for (const fields of own) {
    const answer = await ask(server.url, 'killclient?mount=/&id=1', { headers: fields })
    t.equal(answer.status, 200, JSON.stringify(fields))
  }
})

t.test('lists the listeners of a stream, and disconnects one by its id', async (t) => {
  const server = await startServer(t, ['-demo', ...ADMIN])
  const head = 'GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: a"<b>&\r\n\r\n'
  const [one, other] = [connectTo(t, server.port, head), listen(t, server.port)]
  for (const listener of [one, other]) await listener.bodyHas(1_000)
  await server.loggedTimes(/listener connected/, 2)
  const list = await textOf(ask(server.url, 'listclients?mount=/'))
  t.match(list, /<source mount="\/"><Listeners>2<\/Listeners><listeners>2<\/listeners><listener>/)
  t.match(list, /<IP>127\.0\.0\.1<\/IP><UserAgent>a&quot;&lt;b&gt;&amp;<\/UserAgent><Connected>\d+<\/Connected>/)
  const [id = ''] = idsIn(list)
  const json = JSON.parse(await textOf(ask(server.url, 'listclients.json?mount=/'))) as unknown[]
  t.match(json, [
    { name: 'icestats' },
    { source: { '/': { listeners: 2, listener: [{ id: Number(id), ip: '127.0.0.1' }] } } },
  ])
  const done = '<iceresponse><message>Client 5 not found</message><return>0</return></iceresponse>'
  t.match(await textOf(ask(server.url, 'killclient?mount=/&id=5')), done)
  const body = new URLSearchParams({ mount: '/', id })
  const killed = await textOf(ask(server.url, 'killclient.json', { method: 'POST', body }))
  t.match(JSON.parse(killed), [{ name: 'iceresponse' }, { message: `Client ${id} removed`, success: true }])
  await one.closed
  await server.logged(/listener disconnected .*reason="ended by an administrator"/)
  t.equal(idsIn(await textOf(ask(server.url, 'listclients?mount=/'))).length, 1)
  await other.bodyHas(other.body().length + 1_000)
})

t.test('disconnects a publisher, which may come again, and nothing in place of one', async (t) => {
  const config = '[/dj]\npublish\npublish-password hackme\nframe-filter raw\n[/own]\ndemo\n'
  const file = join(t.testdir({ 'x.conf': config }), 'x.conf')
  const server = await startServer(t, ['-config', file, ...ADMIN])
  const publish = () =>
    connectTo(t, server.port, `SOURCE /dj HTTP/1.0\r\nAuthorization: ${basic('source', 'hackme')}\r\n\r\n`)
  const publisher = publish()
  await publisher.headCame()
  t.match(await textOf(ask(server.url, 'killsource?mount=/dj')), /<message>Source Removed<\/message><return>1</)
  await publisher.closed
  await server.logged(/publisher disconnected .*reason="ended by an administrator"/)
  t.match(await publish().headCame(), / 200 /)
  t.match(await textOf(ask(server.url, 'killsource?mount=/own'), 400), /no publisher/)
  t.match(await textOf(ask(server.url, 'killsource?mount=/nope'), 400), /Source does not exist/)
  t.match(await textOf(ask(server.url, 'killsource'), 400), /Missing parameter/)
})

t.test('sets the title of a stream with any source, unless it has a title-file', async (t) => {
  const folder = t.testdir({ title: 'of the file\n' })
  const config = `[/own]\ndemo\n[/file]\ndemo\ntitle-file ${join(folder, 'title')}\n[/dj]\npublish\npublish-password hackme\nframe-filter raw\n`
  writeFileSync(join(folder, 'x.conf'), config)
  const server = await startServer(t, ['-config', join(folder, 'x.conf'), ...ADMIN])
  t.match(await textOf(titled(server, 'by an administrator', '/own')), /<return>1</)
  await server.logged(/title changed stream=\/own title="by an administrator"/)
  t.match(await textOf(titled(server, 'x', '/file'), 400), /title-file/)
  t.match(await textOf(titled(server, 'x', '/nope'), 400), /Source does not exist/)
  const publisher = connectTo(
    t,
    server.port,
    `SOURCE /dj HTTP/1.0\r\nAuthorization: ${basic('source', 'hackme')}\r\n\r\n`,
  )
  await publisher.headCame()
  await textOf(titled(server, 'for the publisher', '/dj'))
  publisher.socket.write(Buffer.alloc(8_192))
  await server.logged(/title changed stream=\/dj title="for the publisher"/)
  const query = new URLSearchParams({ mode: 'updinfo', mount: '/own', song: 'y', pass: PASSWORD })
  t.equal((await fetch(`${server.url}/admin.cgi?${query.toString()}`)).status, 200, 'as SHOUTcast does')
  const json = await textOf(ask(server.url, 'metadata.json?mode=updinfo&mount=/own&song=z', { method: 'POST' }))
  t.match(JSON.parse(json), [{ name: 'iceresponse' }, { success: true }])
  for (const password of ['', 'hackme']) {
    const refused = await ask(server.url, 'metadata?mode=updinfo&mount=/own&song=x', {
      headers: { Authorization: basic('source', password) },
    })
    t.equal(refused.status, 401)
  }
  t.equal((await fetch(`${server.url}/admin/metadata?mode=updinfo&mount=/own&song=x`)).status, 401)
})

t.test('is valid XML and JSON whatever the titles are', { skip: needs('xmllint') }, async (t) => {
  const server = await startServer(t, ['-demo', '-name', '<b>&"', ...ADMIN])
  await listen(t, server.port).bodyHas(1_000)
  t.equal((await titled(server, HOSTILE)).status, 200)
  for (const name of ['stats', 'listmounts', 'listclients?mount=/', 'publicstats']) {
    const xml = await textOf(ask(server.url, name))
    runProgram('xmllint', ['--noout', '-'], Buffer.from(xml))
    t.notMatch(xml, '\u001b', name)
  }
  const stats = await textOf(ask(server.url, 'stats'))
  t.match(stats, "<title>&lt;b&gt;&amp;&quot;']]&gt; [31m\u{FFFD}\u{1F3B5}&lt;/source&gt;</title>")
  const shoutcast = await textOf(
    fetch(`${server.url}/admin.cgi?sid=1&mode=viewxml`, { headers: { Authorization: basic('admin', PASSWORD) } }),
  )
  runProgram('xmllint', ['--noout', '-'], Buffer.from(shoutcast))
  t.match(shoutcast, '<CURRENTLISTENERS>1</CURRENTLISTENERS>')
})

t.test('shows all clients what they may know of streams that are not hidden', async (t) => {
  const config = '[/one.mp3]\ndemo\nwarm\n[/secret]\ndemo\nwarm\nhidden\n[/members]\ndemo\nwarm\nlisten-key moon\n'
  const file = join(t.testdir({ 'x.conf': config }), 'x.conf')
  const server = await startServer(t, ['-config', file, ...ADMIN])
  await server.loggedTimes(/source opened/, 3)
  t.equal((await titled(server, 'only for them', '/members')).status, 200)
  for (const title of ['first', 'second']) await textOf(titled(server, title, '/one.mp3'))
  const answer = await fetch(`${server.url}/admin/publicstats.json`, { headers: { 'X-Forwarded-For': '198.51.100.7' } })
  t.match(answer.headers.get('content-type'), 'application/json')
  t.equal(answer.headers.get('access-control-allow-origin'), '*')
  const text = await answer.text()
  t.notMatch(text, /secret|only for them|source_ip|user_agent|127\.0\.0\.2/)
  t.match(JSON.parse(text), [
    { name: 'icestats', ns: 'http://icecast.org/specs/legacystats-0.0.1' },
    {
      source: {
        '/one.mp3': {
          listeners: 0,
          listenurl: `${server.url}/one.mp3`,
          'display-title': 'second',
          playlist: { playlist: { track: [{ title: 'first' }, { title: 'second' }] } },
          metadata: { title: 'second' },
        },
      },
    },
  ])
})

t.test('lists and replaces the fallback of a stream that has one', async (t) => {
  const config =
    '[/dj]\npublish\npublish-password x\npcm cd\nfallback /own\n[/own]\ndemo\n[/other]\ndemo\n[/of-dj]\nfrom /dj\n'
  const file = join(t.testdir({ 'x.conf': config }), 'x.conf')
  const server = await startServer(t, ['-config', file, ...ADMIN])
  t.match(await textOf(ask(server.url, 'fallbacks?mount=/dj')), '<source mount="/dj"><fallback>/own</fallback>')
  await listen(t, server.port, '/dj').bodyHas(1_000)
  await server.logged(/fallback started.*fallback=\/own/)
  const set = (mount: string, fallback: string) => ask(server.url, `fallbacks?mount=${mount}&fallback=${fallback}`)
  t.match(await textOf(set('/dj', '/other')), '<message>Fallback configured</message><return>1</return>')
  await server.logged(/fallback ended.*reason="another fallback is set"/)
  await server.logged(/fallback started.*fallback=\/other/)
  t.match(await textOf(ask(server.url, 'fallbacks?mount=/dj')), '<fallback>/other</fallback>')
  t.equal(await textOf(set('/dj', '/nowhere'), 400), 'No such fallback\n')
  t.equal(await textOf(set('/dj', '/etc/passwd'), 400), 'No such fallback\n')
  for (const path of ['/dj', '/of-dj']) t.equal(await textOf(set('/dj', path), 400), 'a stream cannot replace itself\n')
  t.match(await textOf(set('/own', '/other'), 400), /no fallback in the station file/)
})
