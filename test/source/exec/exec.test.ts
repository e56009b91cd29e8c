import t from 'tap'
import { listen } from '../../client.ts'
import { areConsecutive, numbers, numbersIn } from '../../feeders.ts'
import {
  bytesReadBy,
  killAllWith,
  needsProc,
  processesWith,
  uniqueToken,
  until,
  untilGone,
  untilThere,
} from '../../processes.ts'
import { startServer } from '../../streamserve.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']

t.test('runs a command in words unchanged, with its own flags and special words', async (t) => {
  const script = 'process.stdout.write(JSON.stringify(process.argv.slice(1))); setInterval(() => {}, 1e6)'
  const words = ['-debug', '--frame-bytes=9', '', 'two words', '$HOME', '*', "'", '|']
  const server = await startServer(t, ['-frame-bytes', '1', '-exec', process.execPath, '-e', script, '--', ...words])
  const wanted = JSON.stringify(words)
  t.equal((await listen(t, server.port).bodyHas(wanted.length)).toString(), wanted)
  t.notMatch(server.log(), / DEBUG /)
})

t.test('runs a command in one word through the shell, and accepts flags after it', async (t) => {
  const line = 'printf "%s|" "a  b" $((1+1)) | tr a-z A-Z; exec sleep 1000'
  const server = await startServer(t, ['-exec', line, '-frame-bytes', '1'])
  t.equal((await listen(t, server.port).bodyHas(7)).toString(), 'A  B|2|')
})

t.test('sends listeners every byte of standard output', async (t) => {
  const server = await startServer(t, [...RAW, '-exec', ...numbers({ everyMs: 1, burst: 500, count: 100_000 })])
  const got = numbersIn(await listen(t, server.port).bodyHas(400_000))
  t.equal(got.length, 100_000)
  t.equal(got[0], 0)
  t.ok(areConsecutive(got))
})

t.test('passes on every byte value, in one piece of any size', async (t) => {
  const script = `
    const bytes = Buffer.from(Array.from({ length: 256 * 1000 }, (_, i) => (i * 7 + (i >> 8)) & 255))
    process.stdout.write(bytes); setInterval(() => {}, 1e6)`
  const server = await startServer(t, ['-frame-bytes', '256', '-exec', process.execPath, '-e', script])
  const wanted = Buffer.from(Array.from({ length: 256_000 }, (_, i) => (i * 7 + (i >> 8)) & 255))
  t.ok((await listen(t, server.port).bodyHas(wanted.length)).equals(wanted))
})

t.test('logs standard error line by line with the pid of the child', async (t) => {
  const server = await startServer(t, ['-exec', 'echo "first line" >&2; echo second >&2; echo x; exec sleep 1000'])
  listen(t, server.port)
  const [opened, first, second] = await Promise.all(
    [/source opened/, /source stderr.*"first line"/, /source stderr.*second/].map((line) => server.logged(line)),
  )
  const pid = / pid=(\d+)/.exec(opened ?? '')?.[1]
  t.ok(pid)
  t.match(first, ` pid=${pid} `)
  t.match(second, ` pid=${pid} `)
})

t.test('logs a progress display with -debug only', async (t) => {
  const line = 'printf "10%%\\r20%%\\r30%%\\rfinished\\n" >&2; echo x; exec sleep 1000'
  const server = await startServer(t, ['-exec', line])
  listen(t, server.port)
  await server.logged(/source stderr.*finished/)
  t.notMatch(server.log(), 'line=20%')
  const talkative = await startServer(t, ['-exec', line, '-debug'])
  listen(t, talkative.port)
  t.match(await talkative.logged(/source progress.*20%/), ' DEBUG ')
})

t.test('logs few lines of a child that floods its standard error, and its stream continues', async (t) => {
  const line = 'while :; do echo complaint; done >&2 & while :; do echo 0123456789abcdef; sleep 0.01; done'
  const server = await startServer(t, [...RAW, '-exec', line])
  const startedAt = performance.now()
  const listener = listen(t, server.port)
  await listener.bodyHas(17 * 50)
  const seconds = (performance.now() - startedAt) / 1000
  await server.loggedTimes(/source stderr/, 50)
  const said = server.count(/source stderr/)
  t.ok(said >= 50, `${said} lines`)
  t.ok(said <= 50 + 10 * (seconds + 1), `${said} lines in ${seconds} s`)
  await server.logged(/source stderr omitted.* lines=\d+/)
})

// All of it would be more than 100 MB a second.
t.test('reads little of a flood of standard error', { skip: needsProc }, async (t) => {
  for (const flood of [
    'yes',
    'yes a line of some length, as a program under test writes it',
    "tr '\\0' '\\r' </dev/zero",
  ]) {
    const line = `${flood} >&2 & while :; do echo 0123456789abcdef; sleep 0.05; done`
    const server = await startServer(t, [...RAW, '-exec', line])
    const listener = listen(t, server.port)
    await listener.bodyHas(17 * 20)
    const pid = server.child.pid ?? 0
    const [bytes, startedAt] = [bytesReadBy(pid), performance.now()]
    await listener.bodyHas(listener.body().length + 17 * 40)
    const perSecond = (bytesReadBy(pid) - bytes) / (performance.now() - startedAt) / 1000
    t.ok(perSecond < 2, `${flood}: ${perSecond.toFixed(1)} MB a second`)
    server.child.kill()
    await server.exited
  }
})

t.test('logs the exit code of a child', async (t) => {
  const server = await startServer(t, ['-exec', 'echo x; exit 7'])
  listen(t, server.port)
  const line = await server.logged(/source closed/)
  t.match(line, 'reason="exit code 7"')
  t.match(line, / pid=\d+ /)
  t.match(line, / bytes=2 /)
})

t.test('logs the signal that ended a child', async (t) => {
  const server = await startServer(t, ['-exec', 'echo x; kill -s SEGV $$'])
  listen(t, server.port)
  t.match(await server.logged(/source closed/), 'reason="ended by SIGSEGV"')
})

t.test('reports the end of a child with exit code 0 as the end of its input', async (t) => {
  const server = await startServer(t, ['-exec', 'head -c 100 /dev/zero'])
  listen(t, server.port)
  t.match(await server.logged(/source closed/), 'reason="end of input"')
})

t.test('names a missing program, tries it again, and keeps the listener', async (t) => {
  const server = await startServer(t, ['-exec', 'no-such-program-at-all', '-f'])
  const listener = listen(t, server.port)
  const [line] = await server.loggedTimes(/source closed/, 3)
  t.match(line, /reason="there is no program no-such-program-at-all in the PATH of this process; is it installed\?"/)
  t.notOk(listener.socket.destroyed)
  t.equal(server.child.exitCode, null)
})

t.test('reports a program without permission to run in one line, and continues', async (t) => {
  const file = `${t.testdir({ program: 'no program' })}/program`
  const server = await startServer(t, ['-exec', file])
  listen(t, server.port)
  const [line] = await server.loggedTimes(/source closed/, 2)
  t.match(line, 'this user may not run')
})

t.test(
  'ends a child that closes its output without exiting, and opens the source again',
  { skip: needsProc },
  async (t) => {
    const token = uniqueToken()
    const script = `: ${token}; echo x; exec >&-; sleep 1000`
    const server = await startServer(t, ['-exec', 'sh', '-c', script])
    listen(t, server.port)
    await server.loggedTimes(/source opened/, 3)
    // The program itself and the newest child; a child that is about to execute another program may be counted twice for a
    // moment.
    await until('those of before are gone', () => processesWith(token).length <= 2)
  },
)

t.test(
  'opens the source again while a helper of the child outside of its group runs',
  { skip: needsProc },
  async (t) => {
    const token = uniqueToken()
    const server = await startServer(t, ['-exec', `setsid sh -c 'sleep 30; : ${token}' >/dev/null & echo x; exit 3`])
    t.teardown(() => killAllWith(token, server.child.pid))
    listen(t, server.port)
    t.match((await server.loggedTimes(/source closed/, 2))[0], 'exit code 3')
  },
)

t.test('gives a child an empty standard input', async (t) => {
  const server = await startServer(t, ['-exec', 'wc -c; exec sleep 1000', '-frame-bytes', '1'], { stdin: 'pipe' })
  t.match((await listen(t, server.port).bodyHas(2)).toString(), /^\s*0/)
})

t.test('ends all processes of the command when the last listener disconnects', { skip: needsProc }, async (t) => {
  const token = uniqueToken()
  const line = `sh -c 'while :; do echo x; sleep 0.05; done; : ${token}' | sh -c 'cat; : ${token}' | (cat; : ${token})`
  const server = await startServer(t, ['-close-idle', '-exec', 'sh', '-c', line])
  const listener = listen(t, server.port)
  await listener.bodyHas(64)
  // The shell of the line, its two programs, the subshell in parentheses; streamserve itself has the line in its arguments.
  await untilThere(token, 4)
  listener.socket.destroy()
  await server.logged(/source closed.*no listeners/)
  await until('the group is gone', () => processesWith(token).filter((pid) => pid !== server.child.pid).length === 0)
  server.child.kill()
  await untilGone(token)
  t.pass('nothing is left')
})
