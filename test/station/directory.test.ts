import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { connectTo, listen } from '../client.ts'
import { makeFifo, openWriter, writeAll } from '../fifos.ts'
import { needsProc, until } from '../processes.ts'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'

const skip = needs('mkfifo')
const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']

async function serve(t: Test, directory: string, flags: readonly string[] = []) {
  return startServer(t, [...RAW, ...flags, '-path', directory])
}

/** Response status of a path. */
async function statusOf(t: Test, port: number, target: string): Promise<number> {
  const client = connectTo(t, port, `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  const head = await client.headCame()
  client.reset()
  return Number(head.split(' ')[1])
}

t.test('serves each FIFO of a directory as a stream at its name', { skip }, async (t) => {
  const directory = t.testdir()
  const paths = ['cd', 'radio.mp3'].map((name) => makeFifo(directory, name))
  const server = await serve(t, directory)
  const [cd, radio] = [listen(t, server.port, '/cd'), listen(t, server.port, '/radio.mp3')]
  const writers = paths.map((path) => openWriter(t, path))
  writers[0]?.write(Buffer.from('cd-1'))
  writers[1]?.write(Buffer.from('rad1'))
  await Promise.all([cd.bodyHas(4), radio.bodyHas(4)])
  // One of them ends and continues; the other is not affected.
  await writers[0]?.end(Buffer.from('cd-2'))
  await server.logged(/source closed stream=\/cd /)
  writers[1]?.write(Buffer.from('rad2'))
  await writeAll(t, paths[0] ?? '', Buffer.from('cd-3'))
  t.equal((await cd.bodyHas(12)).toString(), 'cd-1cd-2cd-3')
  t.equal((await radio.bodyHas(8)).toString(), 'rad1rad2')
  t.equal(server.count(/source closed.*radio/), 0)
})

t.test('decodes names, and accepts all characters of file names', { skip }, async (t) => {
  const directory = t.testdir()
  const names = ['two words', 'Käse', '100%', 'a?b', '..hidden', '-rf']
  for (const name of names) makeFifo(directory, name)
  const server = await serve(t, directory)
  for (const name of names) {
    const listener = listen(t, server.port, `/${encodeURIComponent(name)}`)
    await writeAll(t, `${directory}/${name}`, Buffer.from('abcd'))
    t.equal((await listener.bodyHas(4)).toString(), 'abcd', name)
  }
})

t.test('serves a FIFO whose name is not UTF-8 by its bytes', { skip }, async (t) => {
  const directory = t.testdir()
  const path = Buffer.from(`${directory}/caf\xe9`, 'latin1')
  renameSync(makeFifo(directory), path)
  const server = await serve(t, directory)
  t.equal(await statusOf(t, server.port, '/caf%C3%A9'), 404)
  const listener = listen(t, server.port, '/caf%E9')
  await writeFile(path, 'abcd')
  t.equal((await listener.bodyHas(4)).toString(), 'abcd')
  const client = connectTo(t, server.port, 'GET /status.json HTTP/1.0\r\n\r\n')
  await client.closed
  t.match(client.body().toString(), '"listen": "/caf%E9"')
})

t.test('responds with 404 to all other paths', { skip }, async (t) => {
  const root = t.testdir({ secret: 'secret', streams: { file: 'file', nested: {} } })
  const directory = `${root}/streams`
  makeFifo(root, 'outside')
  makeFifo(`${directory}/nested`, 'inner')
  symlinkSync('../outside', `${directory}/link`)
  symlinkSync('../secret', `${directory}/file-link`)
  symlinkSync('..', `${directory}/up`)
  makeFifo(directory, 'good')
  const server = await serve(t, directory)
  const targets = [
    '/',
    '/unknown',
    '/file',
    '/nested',
    '/nested/inner',
    '/nested%2finner',
    '/nested%2Finner',
    '/link',
    '/file-link',
    '/up/outside',
    '/up%2foutside',
    '/..',
    '/../outside',
    '/..%2foutside',
    '/%2e%2e/outside',
    '/%2e%2e%2foutside',
    '/..%5coutside',
    '/.',
    '//good',
    '/good/',
    '/./good/.',
    '/good%00',
    '/good%00.mp3',
    '/%00',
    '/etc/passwd',
    '/%2fetc%2fpasswd',
    '/GOOD',
  ]
  for (const target of targets) {
    const status = await statusOf(t, server.port, target)
    t.ok(status === 404 || status === 400, `${target}: ${status}`)
  }
  t.equal(server.count(/source opened/), 0)
  const listener = listen(t, server.port, '/good')
  await writeAll(t, `${directory}/good`, Buffer.from('abcd'))
  t.equal((await listener.bodyHas(4)).toString(), 'abcd')
})

t.test('finds a FIFO that appears later, and responds with 404 to a removed one', { skip }, async (t) => {
  const directory = t.testdir()
  const server = await serve(t, directory, ['-close-idle'])
  t.equal(await statusOf(t, server.port, '/late'), 404)
  const path = makeFifo(directory, 'late')
  const listener = listen(t, server.port, '/late')
  await writeAll(t, path, Buffer.from('abcd'))
  await listener.bodyHas(4)
  await server.loggedTimes(/source closed/, 1)
  listener.reset()
  await server.logged(/listener disconnected/)
  rmSync(path)
  t.equal(await statusOf(t, server.port, '/late'), 404)
  t.match(await server.logged(/source closed.*reason="no listeners"/), 'stream=/late')
})

t.test(
  'closes a FIFO that is removed while its source runs, and opens one that is created again',
  { skip },
  async (t) => {
    const directory = t.testdir()
    const server = await serve(t, directory)
    const path = makeFifo(directory, 'radio')
    const first = listen(t, server.port, '/radio')
    await writeAll(t, path, Buffer.from('abcd'))
    await first.bodyHas(4)
    await until('the FIFO is open again', () => /source closed[^]*source waiting/.test(server.log()))
    rmSync(path)
    t.notOk(first.socket.destroyed, 'who listens stays')
    first.reset()
    await server.logged(/listener disconnected/)
    t.equal(await statusOf(t, server.port, '/radio'), 404)
    await server.logged(/source closed.*reason="FIFO removed"/)
    makeFifo(directory, 'radio')
    const second = listen(t, server.port, '/radio')
    await writeAll(t, path, Buffer.from('efgh'))
    t.equal((await second.bodyHas(4)).toString(), 'efgh')
  },
)

t.test('does not follow a link that replaced a FIFO', { skip }, async (t) => {
  const root = t.testdir({ streams: {} })
  const outside = makeFifo(root, 'outside')
  const path = makeFifo(`${root}/streams`, 'radio')
  const server = await serve(t, `${root}/streams`)
  const listener = listen(t, server.port, '/radio')
  const writer = openWriter(t, path)
  writer.write(Buffer.from('abcd'))
  await listener.bodyHas(4)
  symlinkSync(outside, `${root}/streams/link`)
  renameSync(`${root}/streams/link`, path)
  await writer.end()
  t.match(await server.logged(/source closed.*ELOOP/), 'WARNING')
  t.equal(listener.body().toString(), 'abcd')
})

t.test(
  'disconnects only the listeners of the ended stream without reopening, and starts a new stream for the next writer',
  { skip },
  async (t) => {
    const directory = t.testdir()
    const [one = '', other = ''] = ['one', 'other'].map((name) => makeFifo(directory, name))
    const server = await serve(t, directory, ['-reopen=false'])
    const first = listen(t, server.port, '/one')
    const stays = listen(t, server.port, '/other')
    await writeAll(t, one, Buffer.from('abcd'))
    t.equal((await first.closed).toString(), 'abcd')
    await writeAll(t, other, Buffer.from('efgh'))
    t.equal((await stays.closed).toString(), 'efgh')
    const again = listen(t, server.port, '/one')
    await writeAll(t, one, Buffer.from('ijkl'))
    t.equal((await again.closed).toString(), 'ijkl')
    t.equal(server.child.exitCode, null)
  },
)

t.test('responds with 404 to all paths of a directory without a FIFO, or with files only', { skip }, async (t) => {
  const directory = t.testdir({ file: 'file' })
  mkdirSync(`${directory}/empty`)
  writeFileSync(`${directory}/other`, 'x')
  const server = await serve(t, directory)
  for (const target of ['/', '/file', '/other', '/empty']) t.equal(await statusOf(t, server.port, target), 404)
  server.child.kill()
  t.equal(await server.exited, 0)
})

for (const [what, flags] of [
  ['its FIFO is gone', []],
  ['its FIFO is gone and it has ended', ['-reopen=false']],
] as const) {
  t.test(`forgets a stream and closes its descriptors when ${what}`, { skip: skip || needsProc }, async (t) => {
    const directory = t.testdir()
    const server = await serve(t, directory, flags)
    const descriptors = () => readdirSync(`/proc/${server.child.pid}/fd`).length
    const known = async () => {
      const report = (await (await fetch(`${server.url}/status.json`)).json()) as { streams: unknown[] }
      return report.streams.length
    }
    t.equal(await known(), 0)
    const before = descriptors()
    const names = Array.from({ length: 20 }, (_, at) => `radio${at}`)
    for (const name of names) {
      const path = makeFifo(directory, name)
      const listener = listen(t, server.port, `/${name}`)
      await writeAll(t, path, Buffer.from('abcd'))
      await listener.bodyHas(4)
      listener.reset()
      rmSync(path)
    }
    await server.loggedTimes(/listener disconnected/, names.length)
    await until('the descriptors are closed', () => descriptors() <= before)
    while ((await known()) > 0);
    const path = makeFifo(directory, 'radio0')
    const again = listen(t, server.port, '/radio0')
    await writeAll(t, path, Buffer.from('efgh'))
    t.equal((await again.bodyHas(4)).toString(), 'efgh', 'the name is there again')
  })
}
