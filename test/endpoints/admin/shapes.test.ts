import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { connectTo, listen } from '../../client.ts'
import { needs, runProgram } from '../../programs.ts'
import { hasSound, publish, setTitle, startIcecast } from '../../source/relay/icecast.ts'
import { startServer } from '../../streamserve.ts'
import { ask, basic, textOf } from './admin-client.ts'

const AS_ICECAST = { headers: { Authorization: basic('admin', 'hackme') } }
/** Elements of Icecast that depend on what a publisher sends. */
const OPTIONAL = new Set([
  'audio_info',
  'bitrate',
  'ice-bitrate',
  'ice-channels',
  'ice-samplerate',
  'yp_currently_playing',
])

/** Returns the names of the elements, in their order, with numbers where the text is one: `listeners=0`. */
function shapeOf(xml: string): string[] {
  const found = xml.matchAll(/<([\w-]+)(?: [^>]*)?>(?=([^<]*))/g)
  return Array.from(found, ([, name = '', text = '']) => (/^\d+$/.test(text) ? `${name}=0` : name))
}

/** Publishes MP3 to a server of ours and to Icecast, each with one listener, and returns their addresses. */
async function startBoth(t: Test) {
  const folder = t.testdir()
  const file = join(folder, 'sound.mp3')
  writeFileSync(file, runProgram('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=duration=20', '-f', 'mp3', '-']))
  writeFileSync(join(folder, 'x.conf'), '[/a.mp3]\npublish\npublish-password hackme\n')
  const config = ['-config', join(folder, 'x.conf'), '-admin-password', 'hackme']
  const [icecast, own] = await Promise.all([startIcecast(t), startServer(t, config)])
  const other = { ...icecast, port: own.port, url: own.url }
  for (const server of [icecast, other]) {
    publish(t, server, '/a.mp3', file)
    await hasSound(`${server.url}/a.mp3`)
    await setTitle(server, '/a.mp3', 'A & B')
    await listen(t, server.port, '/a.mp3').bodyHas(1_000)
  }
  return { icecast: icecast.url, own: own.url }
}

t.test('answers as Icecast does', { skip: needs('icecast2', 'ffmpeg', 'setpriv') }, async (t) => {
  const { icecast, own } = await startBoth(t)
  const both = async (name: string, status = 200) => [
    shapeOf(await textOf(ask(icecast, name, AS_ICECAST), status)),
    shapeOf(await textOf(ask(own, name, AS_ICECAST), status)),
  ]
  for (const name of ['stats', 'stats.xml']) {
    const [theirs = [], ours = []] = await both(name)
    t.strictSame(
      ours.filter((one) => !OPTIONAL.has(one.replace('=0', ''))),
      theirs,
      name,
    )
  }
  const [mounts = [], ourMounts] = await both('listmounts')
  t.strictSame(ourMounts, mounts)
  const [clients = [], ourClients = []] = await both('listclients?mount=/a.mp3')
  t.strictSame(
    ourClients.filter((one) => one !== 'listeners=0'),
    clients.toSpliced(clients.indexOf('IP') + 1, 0, ...(clients.includes('UserAgent') ? [] : ['UserAgent'])),
  )
  for (const name of ['killclient?mount=/a.mp3&id=5', 'moveclients?mount=/a.mp3', 'killsource?mount=/a.mp3']) {
    const [theirs, ours] = await both(name)
    t.strictSame(ours, theirs, name)
  }
  for (const name of ['listclients?mount=/nope', 'nothing', 'moveclients?mount=/a.mp3&destination=/nope']) {
    await both(name, 400)
  }
  const unasked = connectTo(t, Number(new URL(own).port), 'GET /admin/stats HTTP/1.0\r\n\r\n')
  await unasked.closed
  t.match(unasked.head(), /^HTTP\/1\.\d 401 [\s\S]*WWW-Authenticate: Basic realm=/)
})
