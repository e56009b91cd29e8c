import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { createAssets } from '../../src/endpoints/assets.ts'
import { pageRequest } from './page-request.ts'

const SCRIPT = 'export const answer = 42\n'.repeat(20)

/** Serves a folder of this test. @returns a function that requests a path */
async function serve(t: Test) {
  const folder = join(t.testdir(), 'static')
  mkdirSync(folder)
  writeFileSync(join(folder, 'player.js'), SCRIPT)
  writeFileSync(join(folder, 'player.js.gzip'), gzipSync(SCRIPT))
  writeFileSync(join(folder, 'player.js.br'), brotliCompressSync(SCRIPT))
  writeFileSync(join(folder, 'icon.svg'), '<svg/>')
  writeFileSync(join(folder, 'player.template'), '<p title="{{name}}">{{name}}</p>')
  writeFileSync(join(folder, '../secret.js'), 'no')
  const assets = createAssets(pathToFileURL(`${folder}/`))
  const server = createServer((message, response) => {
    void assets.page.answer(pageRequest(message, decodeURIComponent(message.url ?? '')), response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const get = (path: string, headers = {}) => fetch(`http://127.0.0.1:${port}${path}`, { headers })
  return { assets, get }
}

t.test('serves scripts and images with their types', async (t) => {
  const { get } = await serve(t)
  const script = await get('/assets/player.js')
  t.equal(script.status, 200)
  t.equal(script.headers.get('content-type'), 'text/javascript; charset=utf-8')
  t.equal(script.headers.get('x-content-type-options'), 'nosniff')
  t.equal(await script.text(), SCRIPT)
  t.equal((await get('/assets/icon.svg')).headers.get('content-type'), 'image/svg+xml')
})

t.test('compresses files for clients that accept it', async (t) => {
  const { get } = await serve(t)
  const codings = { 'gzip, deflate, br': 'br', gzip: 'gzip', 'gzip;q=0.5, br;q=0': 'gzip', identity: null }
  for (const [accepted, coding] of Object.entries(codings)) {
    const script = await get('/assets/player.js', { 'accept-encoding': accepted })
    t.equal(script.headers.get('content-encoding'), coding, accepted)
    t.equal(await script.text(), SCRIPT)
  }
  const image = await get('/assets/icon.svg', { 'accept-encoding': 'br' })
  t.equal(image.headers.get('content-encoding'), null, 'where that would make it longer, nobody')
})

t.test('responds with 304 to a client that has the file', async (t) => {
  const { get } = await serve(t)
  const first = await get('/assets/player.js')
  const tag = first.headers.get('etag') ?? ''
  const again = await get('/assets/player.js', { 'if-none-match': `"other", W/${tag}` })
  t.equal(again.status, 304)
  t.equal(again.headers.get('etag'), tag)
  t.equal((await get('/assets/player.js', { 'if-none-match': '"other"' })).status, 200)
})

t.test('responds with 404 to all other paths', async (t) => {
  const { get } = await serve(t)
  const others = [
    '/assets/',
    '/assets/none.js',
    '/assets/player.template',
    '/assets/player.js.gzip',
    '/assets/..%2fsecret.js',
  ]
  for (const path of others) t.equal((await get(path)).status, 404, path)
})

t.test('escapes values that are put into a page', async (t) => {
  const { assets } = await serve(t)
  const page = await assets.html('player', { name: `<b>"&'{{name}}` })
  const escaped = '&#60;b&#62;&#34;&#38;&#39;{{name}}'
  t.equal(page, `<p title="${escaped}">${escaped}</p>`)
  await t.rejects(assets.html('player', {}), TypeError)
})
