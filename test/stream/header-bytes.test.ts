import t from 'tap'
import { listen } from '../client.ts'
import { makeFifo, openWriter } from '../fifos.ts'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'

const FLAGS = ['-frame-filter', 'raw', '-frame-bytes', '4', '-header-bytes', '8']

t.test('-header-bytes', { skip: needs('mkfifo') }, async (t) => {
  const path = makeFifo(t.testdir())
  const server = await startServer(t, [...FLAGS, '-path', path])
  const first = listen(t, server.port)
  const writer = openWriter(t, path)
  writer.write(Buffer.from('HEAD'))
  writer.write(Buffer.from('ER-1one.two.'))
  t.equal((await first.bodyHas(16)).toString(), 'HEADER-1one.two.', 'whoever starts the source gets it first')

  const second = listen(t, server.port)
  t.equal((await second.bodyHas(12)).toString(), 'HEADER-1two.', 'and so does whoever joins later')
  writer.write(Buffer.from('thr.'))
  t.equal((await first.bodyHas(20)).toString(), 'HEADER-1one.two.thr.')
  t.equal((await second.bodyHas(16)).toString(), 'HEADER-1two.thr.')

  await writer.end()
  await server.loggedTimes(/source closed/, 1)
  const next = openWriter(t, path)
  next.write(Buffer.from('HEADER-2new.'))
  t.equal((await first.bodyHas(24)).toString(), 'HEADER-1one.two.thr.new.', 'who stays gets it only once')
  t.equal((await second.bodyHas(20)).toString(), 'HEADER-1two.thr.new.')
  const third = listen(t, server.port)
  t.equal((await third.bodyHas(12)).toString(), 'HEADER-2new.', 'who joins now gets the new one')

  await next.end()
  await server.loggedTimes(/source closed/, 2)
  const fourth = listen(t, server.port)
  await server.loggedTimes(/listener connected/, 4)
  const last = openWriter(t, path)
  last.write(Buffer.from('HEADER-3'))
  last.write(Buffer.from('end.'))
  t.equal((await fourth.bodyHas(12)).toString(), 'HEADER-3end.', 'who joins in between waits for the new one')
})

t.test('does not count the header as frames sent', async (t) => {
  const flags = [...FLAGS, '-client-max-bytes', '8', '-exec', 'printf HEADER-1onetwo..more; exec sleep 1000']
  const server = await startServer(t, flags)
  t.equal((await listen(t, server.port).closed).toString(), 'HEADER-1onetwo..')
  t.match(await server.logged(/listener disconnected/), / bytes=8 frames=2 /)
})
