import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { listen } from '../client.ts'
import { plainFrames } from '../delivery/plain-mp3.ts'
import { adtsFrames } from '../filters/made-up.ts'
import { startServer } from '../streamserve.ts'

/** A source that gives another file each time it is opened, and then waits. */
function turns(t: { testdir(): string }): string {
  const folder = t.testdir()
  writeFileSync(join(folder, 'a'), Buffer.concat(plainFrames(20, 1)))
  writeFileSync(join(folder, 'b'), Buffer.concat(adtsFrames(20, 1)))
  return `cd ${folder}; if [ -e turn ]; then cat b; sleep 1000; else touch turn; cat a; fi`
}

await t.test('a source that comes back in another format ends its listeners, who come back for it', async (t) => {
  const server = await startServer(t, ['-burst', '0', '-exec', turns(t)])
  const first = listen(t, server.port)
  await first.closed
  t.match(first.head(), /^Content-Type: audio\/mpeg/m)
  t.equal(first.body().length % 417, 0, 'frames of the first format only')
  t.match(await server.logged(/listener left/), /why="format changed"/)
  const again = listen(t, server.port, '/', 'Range: bytes=0-1\r\n')
  t.equal((await again.closed).toString('hex'), 'fff1')
  t.match(again.head(), /^Content-Type: audio\/aac/m)
})

await t.test('with -content-type they stay, whatever comes', async (t) => {
  const server = await startServer(t, ['-burst', '0', '-content-type', 'audio/x-any', '-exec', turns(t)])
  const client = listen(t, server.port)
  const both = 20 * 417
  await client.bodyHas(both + 1)
  t.equal(server.count(/listener left/), 0)
})
