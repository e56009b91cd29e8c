import t from 'tap'
import { listen } from '../../client.ts'
import { needsProc, processesWith, uniqueToken } from '../../processes.ts'
import { startServer } from '../../streamserve.ts'

t.test('does not run a failing command again without a listener', { skip: needsProc }, async (t) => {
  const token = uniqueToken()
  const server = await startServer(t, ['-debug', '-exec', `echo "no such card" >&2; echo ${token} >&2; exit 1`])
  const listener = listen(t, server.port)
  t.match(await server.logged(/WARNING source closed/), `stderr="no such card | ${token}"`)
  listener.reset()
  await server.logged(/source retry suspended/)
  const runs = server.count(/source opened/)
  t.strictSame(
    processesWith(token).filter((pid) => pid !== server.child.pid),
    [],
  )
  listen(t, server.port)
  await server.loggedTimes(/source opened/, runs + 1)
  t.equal(server.count(/source retry suspended/), 1)
})
