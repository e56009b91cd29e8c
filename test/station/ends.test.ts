import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { listen } from '../client.ts'
import { makeFifo, openWriter } from '../fifos.ts'
import { startServer } from '../streamserve.ts'

/** Starts a server with a station file. */
async function serve(t: Test, content: string) {
  const folder = t.testdir()
  const file = join(folder, 'main.conf')
  writeFileSync(file, content.replaceAll('FOLDER', folder))
  return { folder, server: await startServer(t, ['-config', file]) }
}

t.test('ends a stream whose source has ended for good, and no other', async (t) => {
  const { server } = await serve(t, '[/once]\nexec printf abcd\nreopen false\nframe-bytes 1\n[/demo]\ndemo\n')
  const demo = listen(t, server.port, '/demo')
  const once = listen(t, server.port, '/once')
  t.equal(String(await once.closed), 'abcd')
  await server.logged(/stream ended stream=\/once/)
  const again = await fetch(`${server.url}/once`)
  t.equal(again.status, 503)
  t.equal(await again.text(), 'this stream has ended\n')
  await demo.bodyHas(demo.body().length + 100_000)
})

t.test('ends a stream that is closed for idleness and must not be opened again', async (t) => {
  const { server } = await serve(t, '[/a]\nexec yes\nfilter raw\nclose-idle\nreopen false\n[/demo]\ndemo\n')
  const client = listen(t, server.port, '/a')
  await client.bodyHas(100)
  client.reset()
  await server.logged(/stream ended stream=\/a/)
  t.equal((await fetch(`${server.url}/a`)).status, 503)
  await listen(t, server.port, '/demo').bodyHas(100_000)
})

t.test('ends the program when its one stream is closed for idleness and must not be opened again', async (t) => {
  const server = await startServer(t, ['-close-idle', '-reopen=false', '-filter', 'raw', '-exec', 'yes'])
  const client = listen(t, server.port)
  await client.bodyHas(100)
  client.reset()
  t.equal(await server.exited, 0)
})

t.test('serves the other streams while a source cannot be created, and that stream once it can', async (t) => {
  const { folder, server } = await serve(t, '[/late]\npath FOLDER/fifo\nframe-bytes 1\nfilter raw\n[/demo]\ndemo\n')
  await server.logged(/stream not available stream=\/late .*fifo does not exist/)
  const early = listen(t, server.port, '/late')
  await listen(t, server.port, '/demo').bodyHas(100_000)
  const fifo = makeFifo(folder)
  await early.closed
  const writer = openWriter(t, fifo)
  writer.write(Buffer.from('abcd'))
  t.match((await listen(t, server.port, '/late').bodyHas(1)).toString(), /^[abcd]/)
})

t.test('finds the FIFOs of a directory that is created later', async (t) => {
  const { folder, server } = await serve(t, '[/towers/]\npath FOLDER/towers\nfilter raw\nframe-bytes 1\n')
  await server.logged(/directory not found stream=\/towers\//)
  t.equal((await fetch(`${server.url}/towers/north`)).status, 404)
  t.equal((await fetch(`${server.url}/towers/`)).status, 404)
  mkdirSync(join(folder, 'towers'))
  openWriter(t, makeFifo(join(folder, 'towers'), 'north')).write(Buffer.from('abcd'))
  t.match((await listen(t, server.port, '/towers/north').bodyHas(1)).toString(), /^[abcd]/)
})
