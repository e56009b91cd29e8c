import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Client, connectTo, listen } from '../client.ts'
import { plainFrames } from '../delivery/plain-mp3.ts'
import { type Server, startServer } from '../streamserve.ts'

const MP3 = Buffer.concat(plainFrames(60, 1))

t.setTimeout(120_000)

function ask(t: Test, { port }: Server, method = 'HEAD'): Client {
  return connectTo(t, port, `${method} / HTTP/1.1\r\nHost: x\r\n\r\n`)
}

/** A file of sound. @returns its path */
function soundFile(t: Test, name = 'sound'): string {
  const file = join(t.testdir(), name)
  writeFileSync(file, MP3)
  return file
}

t.test('HEAD opens a source whose type is not known, and names the type', async (t) => {
  const server = await startServer(t, ['-exec', `cat ${soundFile(t)}; sleep 100`])
  const asked = ask(t, server)
  t.equal((await asked.closed).length, 0)
  t.match(asked.head(), /200 OK[^]*Content-Type: audio\/mpeg/)
  await listen(t, server.port).bodyHas(1000)
  t.equal(server.count(/source opened/), 1, 'and the GET that follows finds the source open')
})

t.test('a source that HEAD has opened is closed some time later with -close-idle', async (t) => {
  const server = await startServer(t, ['-close-idle', '-exec', `cat ${soundFile(t)}; sleep 100`])
  const asked = ask(t, server)
  await asked.closed
  t.equal(server.count(/source closed/), 0, 'not at once')
  await server.logged(/source closed/)
  await ask(t, server).closed
  t.equal(server.count(/source opened/), 1, 'its type is known from then on')
})

t.test('waits for the type of a source that needs longer than two seconds', async (t) => {
  const server = await startServer(t, ['-exec', `sleep 3; cat ${soundFile(t)}; sleep 100`])
  const asked = ask(t, server)
  const client = listen(t, server.port)
  await asked.closed
  for (const one of [asked, client]) t.match(one.head(), 'Content-Type: audio/mpeg')
})

t.test('announces the type that a file name or a command implies when the source is late', async (t) => {
  const cases: readonly (readonly [flags: readonly string[], type: string])[] = [
    [['-exec', 'sleep 100 | lame -r - -'], 'audio/mpeg'],
    [['-exec', 'sh', '-c', 'sleep 100 | ffmpeg -f s16le -i - -f adts -'], 'audio/aac'],
    [['-exec', 'sleep 100 | opusenc - -'], 'audio/ogg'],
    [['-exec', 'sleep 100 | flac -c -'], 'audio/flac'],
  ]
  await Promise.all(
    cases.map(async ([flags, type]) => {
      const server = await startServer(t, flags)
      t.match(await listen(t, server.port).headCame(), `Content-Type: ${type}`, flags.join(' '))
    }),
  )
})

t.test('announces no type when nothing is known after ten seconds', async (t) => {
  const server = await startServer(t, ['-exec', 'sleep 100'])
  const [asked, client] = [ask(t, server), listen(t, server.port)]
  await Promise.all([asked.closed, client.headCame()])
  for (const one of [asked, client]) {
    t.match(one.head(), /200 OK/)
    t.notMatch(one.head(), /^content-type:/im)
  }
})
