/** Files as radio, tested through the whole program. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { connectTo, listen } from '../client.ts'
import { plainFrames } from '../delivery/plain-mp3.ts'
import { adtsFrames } from '../filters/made-up.ts'
import { run, startServer } from '../streamserve.ts'

/** A folder of files, by name. */
function folderOf(t: Test, files: Readonly<Record<string, Buffer>>): string {
  const folder = join(t.testdir(), 'music')
  mkdirSync(folder)
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
  return folder
}

function song(seed: number, frames = 20): Buffer {
  return Buffer.concat(plainFrames(frames, seed))
}

t.test('plays the files of a folder one after the other without a byte between them, and again', async (t) => {
  const [one, two, ten] = [song(1), song(2), song(10)]
  const folder = folderOf(t, { '10.mp3': ten, '2.mp3': two, '1.mp3': one, 'cover.jpg': Buffer.alloc(1000) })
  const server = await startServer(t, ['-play', folder])
  const round = Buffer.concat([one, two, ten])
  const body = await listen(t, server.port).bodyHas(2 * round.length)
  t.ok(body.subarray(0, 2 * round.length).equals(Buffer.concat([round, round])))
})

t.test('starts a later listener at the present position, over the end of a file', async (t) => {
  const [one, two] = [song(1, 100), song(2, 100)]
  const server = await startServer(t, ['-burst', '1s', '-play', folderOf(t, { 'a.mp3': one, 'b.mp3': two })])
  const first = listen(t, server.port)
  // Into the second file, but less than a second.
  await first.bodyHas(one.length + 10 * 417)
  const second = await listen(t, server.port).bodyHas(40 * 417)
  const at = first.body().indexOf(second.subarray(0, 417))
  t.ok(at > 0 && at < one.length, 'it began in the first file')
  t.ok((await first.bodyHas(at + second.length)).subarray(at).subarray(0, second.length).equals(second))
})

t.test('logs a broken or empty file and one of another format, and plays the others', async (t) => {
  const other = Buffer.concat(adtsFrames(20, 1))
  const folder = folderOf(t, {
    '1.mp3': song(1),
    '2.mp3': Buffer.alloc(20_000, 'no sound at all '),
    '3.mp3': Buffer.alloc(0),
    '4.aac': other,
    '5.mp3': song(5),
  })
  const server = await startServer(t, ['-play', folder])
  const body = await listen(t, server.port).bodyHas(40 * 417)
  t.ok(body.subarray(0, 40 * 417).equals(Buffer.concat([song(1), song(5)])))
  t.match(await server.logged(/WARNING file left out .*2\.mp3/), 'reason="no sound of a known format"')
  t.match(await server.logged(/WARNING file left out .*3\.mp3/), 'reason="no sound of a known format"')
  t.match(await server.logged(/WARNING file left out .*4\.aac/), /reason=".*AAC.* cannot follow MP3/)
  t.match(await listen(t, server.port).headCame(), 'Content-Type: audio/mpeg', 'who comes now is told what plays')
})

t.test(
  'plays the format of most of the sound when the first file has another, and logs the skipped files',
  async (t) => {
    const other = Buffer.concat(adtsFrames(20, 1))
    const files = { '1.aac': other, '2.mp3': song(2), '3.mp3': song(3), '4.m4a': other, '5.mp3': Buffer.alloc(100) }
    const server = await startServer(t, ['-play', folderOf(t, files)])
    t.match(
      await server.logged(/files left out/),
      /format="MP3.*files="1 \.m4a; 1 AAC[^;]*; 1 \.mp3 without known sound"/,
    )
    const body = await listen(t, server.port).bodyHas(80 * 417)
    t.ok(body.subarray(0, 80 * 417).equals(Buffer.concat([song(2), song(3), song(2), song(3)])))
    const client = connectTo(t, server.port, 'GET /status.json HTTP/1.0\r\n\r\n')
    await client.closed
    t.match(client.body().toString(), /"leftOut": "1 \.m4a; 1 AAC/)
  },
)

t.test('plays the format of most of the sound when the order is shuffled', async (t) => {
  const others = Array.from({ length: 20 }, (_, i) => [`${i}.aac`, Buffer.concat(adtsFrames(2, 1))] as const)
  const files = { ...Object.fromEntries(others), 'song.mp3': song(3, 200) }
  const server = await startServer(t, ['-shuffle', '-play', folderOf(t, files)])
  t.ok((await listen(t, server.port).bodyHas(417)).subarray(0, 417).equals(song(3).subarray(0, 417)))
})

t.test('plays a round to its end when the last files are skipped, and exits with 0', async (t) => {
  const files = { '1.mp3': song(1), '2.mp3': song(2), '3.aac': Buffer.concat(adtsFrames(20, 1)) }
  const server = await startServer(t, ['-loop=false', '-play', folderOf(t, files)])
  t.ok((await listen(t, server.port).closed).equals(Buffer.concat([song(1), song(2)])))
  t.equal(await server.exited, 0)
})

t.test('plays a new format when no file of the old one is left, for which listeners reconnect', async (t) => {
  const folder = folderOf(t, { 'a.mp3': song(1, 200) })
  const server = await startServer(t, ['-burst', '0', '-play', folder])
  const first = listen(t, server.port)
  await first.bodyHas(417)
  writeFileSync(join(folder, 'b.aac'), Buffer.concat(adtsFrames(200, 1)))
  copyFileSync(join(folder, 'b.aac'), join(folder, 'a.mp3'))
  await first.closed
  t.match(await server.logged(/listener disconnected/), 'reason="format changed"')
  const second = listen(t, server.port)
  await second.bodyHas(100)
  t.match(second.head(), 'Content-Type: audio/aac')
})

t.test('plays each file once with -loop=false, and exits with 0', async (t) => {
  const folder = folderOf(t, { '1.mp3': song(1), '2.mp3': song(2), '3.mp3': Buffer.alloc(0) })
  const server = await startServer(t, ['-loop=false', '-play', folder])
  t.ok((await listen(t, server.port).closed).equals(Buffer.concat([song(1), song(2)])))
  t.equal(await server.exited, 0)
})

t.test('plays all shuffled files in each round', async (t) => {
  const songs = [song(1), song(2), song(3), song(4)]
  const files = Object.fromEntries(songs.map((bytes, i) => [`${i}.mp3`, bytes]))
  const server = await startServer(t, ['-shuffle', '-play', folderOf(t, files)])
  const size = 20 * 417
  const body = await listen(t, server.port).bodyHas(8 * size)
  const order = Array.from({ length: 8 }, (_, i) =>
    songs.findIndex((bytes) => bytes.equals(body.subarray(i * size, (i + 1) * size))),
  )
  t.strictSame(new Set(order.slice(0, 4)), new Set([0, 1, 2, 3]))
  t.strictSame(new Set(order.slice(4)), new Set([0, 1, 2, 3]))
  t.not(order[3], order[4], 'none twice in a row')
})

t.test('reports at launch when no file can be played', async (t) => {
  const folder = folderOf(t, { 'notes.txt': Buffer.from('la la la') })
  for (const [path, complaint] of [
    [folder, /music/],
    [join(folder, 'none.mp3'), /none\.mp3/],
  ] as const) {
    const { code, stderr } = await run(['-play', path])
    t.equal(code, 1)
    t.match(stderr, complaint)
    t.equal(stderr.trimEnd().split('\n').length, 1, 'one line')
  }
})

t.test('plays a file given as -path in real time, and as fast as possible with -pace=false', async (t) => {
  const file = join(folderOf(t, { 'a.mp3': song(1, 2000) }), 'a.mp3')
  const atOnce = await startServer(t, ['-pace=false', '-reopen=false', '-burst', '1h', '-path', file])
  t.equal((await listen(t, atOnce.port).closed).length, 2000 * 417)
  const inTime = await startServer(t, ['-burst', '1s', '-path', file])
  const client = listen(t, inTime.port)
  await client.bodyHas(39 * 417)
  // Without pacing, the whole file of 52 s would have arrived by now, because a complete request has been answered meanwhile.
  await listen(t, inTime.port, '/elsewhere').closed
  t.ok(client.body().length < 1000 * 417, `${client.body().length} bytes`)
})
