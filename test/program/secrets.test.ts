import t from 'tap'
import { listen } from '../client.ts'
import { statusAt } from '../endpoints/status/status-watch.ts'
import { until } from '../processes.ts'
import { startServer } from '../streamserve.ts'

const SECRET = 'S3cr-Et.word'
/** Writes its secret to standard error, as programs do when a login fails, and then samples. */
const SCRIPT = `echo "cannot open rtsp://me:${SECRET}@camera/x: password=${SECRET} is wrong" >&2; : --password ${SECRET}; yes`
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'a line for the shell': [SCRIPT],
  words: ['sh', '-c', SCRIPT, 'sh', '--token', `${SECRET} ${SECRET}`],
}

for (const [what, command] of Object.entries(COMMANDS)) {
  t.test(`shows and logs ${what} without the secrets in it`, async (t) => {
    const flags = ['-debug', '-frame-filter', 'raw', '-source-bandwidth', '10000']
    const server = await startServer(t, [...flags, '-exec', ...command])
    const listener = listen(t, server.port)
    await listener.bodyHas(100)
    await server.logged(/source stderr/)
    await until('the line is in the status', () => server.log().includes('cannot open'))
    const report = await statusAt(server.url)
    const text = JSON.stringify(report)
    t.match(text, /cannot open rtsp:\/\/me:\*\*\*@camera/)
    t.match(report.streams[0]?.source.label, /--(password|token) \*\*\*/)
    server.child.kill()
    await server.exited
    t.match(server.log(), /source closed .*\*\*\*/)
    for (const all of [text, server.log()]) t.notMatch(all, SECRET)
  })
}

t.test('logs little of a head that is long', async (t) => {
  const server = await startServer(t, ['-demo'])
  const listener = listen(t, server.port, '/', `User-Agent: ${'\u0080'.repeat(8_000)}\r\n`)
  await listener.headCame()
  t.ok((await server.logged(/listener connected/)).length < 1_500)
})
