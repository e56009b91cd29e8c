/** Redirects and playlists between the given address and the sound. */
import t from 'tap'
import { byPath, ok, readOpening, relayOf, startUpstream } from './upstream.ts'

const SOUND = `${ok()}sound`
const M3U = ok('Content-Type: audio/x-mpegurl\r\n')
const PLS = ok('Content-Type: audio/x-scpls\r\n')

function redirect(to: string, status = '302 Found'): string {
  return `HTTP/1.1 ${status}\r\nLocation: ${to}\r\n\r\nmoved`
}

const PATHS: Readonly<Record<string, string>> = {
  '/live': SOUND,
  '/301': redirect('/live', '301 Moved Permanently'),
  '/303': redirect('live', '303 See Other'),
  '/307': redirect('./live', '307 Temporary Redirect'),
  '/308': redirect('//HOST/live', '308 Permanent Redirect'),
  '/list.m3u': `${M3U}#EXTM3U\r\n#EXTINF:-1,Radio\r\n/live\r\n`,
  '/bare.m3u': `${M3U}live\n`,
  '/typeless': `${ok()}\u00ef\u00bb\u00bf#EXTM3U\nhttp://HOST/live\n`,
  '/plain': `${ok('Content-Type: text/plain\r\n')}http://HOST/live\r\n`,
  '/list.pls': `${PLS}[playlist]\r\nNumberOfEntries=1\r\nFile1=http://HOST/live\r\nTitle1=Radio\r\nLength1=-1\r\n`,
  '/typeless.pls': `${ok()}[Playlist]\nFile1=live\n`,
  '/second.m3u': `${M3U}#EXTM3U\nrtsp://x/\nhttp://[\nhttp://127.0.0.1:1/\n/nothing\n/live\n`,
  '/nested.m3u': `${M3U}#EXTM3U\n/list.pls\n`,
  '/to-list': redirect('/nested.m3u'),
}
for (const path of Object.keys(PATHS)) {
  t.test(`finds the sound behind ${path}`, async (t) => {
    const answers: Record<string, string> = {}
    const upstream = await startUpstream(t, (socket, asked, head) => byPath(answers)(socket, asked, head))
    const host = `127.0.0.1:${upstream.port}`
    for (const [name, answer] of Object.entries(PATHS)) answers[name] = answer.replaceAll('HOST', host)
    const { text, connection } = await readOpening(relayOf([`${upstream.url}${path}`]))
    t.equal(text, 'sound')
    t.equal(connection.peer?.name, `${upstream.url}/live`)
  })
}

t.test('follows 5 redirects, and refuses the sixth', async (t) => {
  const chain = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`/${i + 1}`, redirect(`/${i}`)]))
  const upstream = await startUpstream(t, byPath({ ...chain, '/0': SOUND, '/loop': redirect('/loop') }))
  t.equal((await readOpening(relayOf([`${upstream.url}/5`]))).text, 'sound')
  await t.rejects(readOpening(relayOf([`${upstream.url}/6`])), { message: `${upstream.url}/1: more than 5 redirects` })
  await t.rejects(readOpening(relayOf([`${upstream.url}/loop`])), {
    message: `${upstream.url}/loop: more than 5 redirects`,
  })
})

t.test('ends the search in lists that lead to each other after 30 requests', async (t) => {
  const list = `${M3U}#EXTM3U\n${'/list\n'.repeat(100)}`
  const upstream = await startUpstream(t, byPath({ '/list': list }))
  await t.rejects(readOpening(relayOf([`${upstream.url}/list`])), { message: /more than 30 requests/ })
  t.equal(upstream.requests.length, 30)
})

t.test('sends the password to its own server only', async (t) => {
  const other = await startUpstream(t, byPath({ '/live': SOUND }))
  const own = await startUpstream(
    t,
    byPath({ '/away': redirect(`${other.url}/live`), '/home': redirect('/live'), '/live': SOUND }),
  )
  await readOpening(relayOf([`http://me:secret@127.0.0.1:${own.port}/away`]))
  await readOpening(relayOf([`http://me:secret@127.0.0.1:${own.port}/home`]))
  t.equal(own.requests.length, 3)
  for (const head of own.requests) t.match(head, /\r\nAuthorization: Basic /)
  t.notMatch(other.requests.join(''), /authorization/i)
  t.equal(other.requests.length, 1)
})

t.test('reads no more than the beginning of a list that does not end', async (t) => {
  const upstream = await startUpstream(t, (socket, path, head) => {
    if (path === '/live') return byPath({ '/live': SOUND })(socket, path, head)
    socket.write(`${M3U}#EXTM3U\n/live\n`)
    const more = () => socket.write('#'.repeat(10_000), (error) => (error === undefined || error === null) && more())
    more()
  })
  t.equal((await readOpening(relayOf([`${upstream.url}/endless`]))).text, 'sound')
})
