import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { connectTo, listen } from '../client.ts'
import { needsProc, processesWith, uniqueToken, until, untilGone } from '../processes.ts'
import { needs } from '../programs.ts'
import { MAIN, PLAIN_NODE, plainEnvironment } from '../streamserve.ts'

/** Maximum time from SIGTERM to the exit: 2 s, plus tolerance for a busy machine. */
const ENDS_WITHIN_MS = 3_000

/**
 * Executes COMMAND with descriptors FD ... connected to a pipe or socket that is full and never read.
 * Arguments: `pipe` or `socket`, descriptors separated by commas, COMMAND.
 */
const FULL = `
use strict; use warnings; use Fcntl qw(F_SETFL O_NONBLOCK); use Socket; use POSIX (); $^F = 255;
my ($kind, $fds) = splice @ARGV, 0, 2;
my ($reader, $writer);
if ($kind eq 'pipe') { pipe($reader, $writer) or die $! }
else { socketpair($reader, $writer, AF_UNIX, SOCK_STREAM, 0) or die $! }
fcntl($writer, F_SETFL, O_NONBLOCK) or die $!;
for my $size (4096, 1) { 1 while syswrite $writer, 'x' x $size }
fcntl($writer, F_SETFL, 0) or die $!;
POSIX::dup2(fileno($writer), $_) for split /,/, $fds;
exec @ARGV;
`
/** Executes COMMAND with a standard output whose reading end is closed. */
const CLOSED = `
use strict; use warnings; use POSIX ();
pipe(my $reader, my $writer) or die $!;
POSIX::dup2(fileno($writer), 1); close $reader; close $writer;
exec @ARGV;
`

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

/** Starts the program through a perl script, and waits until it serves `/`. */
async function startBy(t: Test, script: string, args: readonly string[], flags: readonly string[]) {
  const port = await freePort()
  const command = [...PLAIN_NODE, MAIN, '-address', `127.0.0.1:${port}`, ...flags]
  const child = spawn('perl', ['-e', script, ...args, ...command], { stdio: 'ignore', env: plainEnvironment() })
  const exited = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return { child, port, listener: await firstListener(t, port) }
}

async function firstListener(t: Test, port: number) {
  for (;;) {
    const listener = listen(t, port)
    const isServed = await listener.bodyHas(100).then(
      () => true,
      () => false,
    )
    if (isServed) return listener
    await sleep(20)
  }
}

/** Sends signals, 100 ms apart. @returns the exit of the program. */
async function ended(t: Test, child: ChildProcess, signals: readonly NodeJS.Signals[]) {
  const exited = once(child, 'exit')
  const askedAt = performance.now()
  for (const signal of signals) {
    child.kill(signal)
    await Promise.race([exited, sleep(100)])
  }
  const giveUp = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS)
  const [code, signal] = await exited
  clearTimeout(giveUp)
  t.ok(performance.now() - askedAt < ENDS_WITHIN_MS, `${performance.now() - askedAt} ms`)
  return { code, signal }
}

const skip = needs('perl')

for (const [kind, fds] of [
  ['pipe', '1'],
  ['pipe', '1,2'],
  ['socket', '1,2'],
] as const) {
  const what = `a full ${kind}${fds === '1' ? '' : ', and standard error is too'}`
  t.test(`SIGTERM ends the program in time when standard output is ${what}`, { skip }, async (t) => {
    const { child } = await startBy(t, FULL, [kind, fds], ['-demo'])
    t.strictSame(await ended(t, child, ['SIGTERM']), { code: 0, signal: null })
  })
}

t.test('a second SIGTERM ends the program at once when standard output is a full pipe', { skip }, async (t) => {
  // A listener that does not read delays the exit after the first SIGTERM.
  const { child, port } = await startBy(t, FULL, ['pipe', '1'], ['-pace=false', '-path', '/dev/zero'])
  const stalled = connectTo(t, port, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await stalled.headCame()
  stalled.socket.pause()
  await listen(t, port).bodyHas(10_000_000)
  const { code, signal } = await ended(t, child, ['SIGTERM', 'SIGTERM'])
  t.ok(code === 1 || signal === 'SIGKILL', 'SIGKILL where a read of the source was still under way')
})

t.test('listeners are served when standard output has been closed by its reader', { skip }, async (t) => {
  const { child, listener } = await startBy(t, CLOSED, [], ['-demo'])
  await listener.bodyHas(listener.body().length + 100_000)
  t.strictSame(await ended(t, child, ['SIGTERM']), { code: 0, signal: null })
})

t.test('SIGTERM ends the program in time on a stopped terminal', { skip: needsProc || needs('script') }, async (t) => {
  const token = uniqueToken()
  const command = [...PLAIN_NODE, MAIN, '-demo', '-name', token, '-address', '127.0.0.1:0'].join(' ')
  const terminal = spawn('env', ['script', '-qfec', command, '/dev/null'], { env: plainEnvironment() })
  const exited = once(terminal, 'exit')
  t.teardown(() => terminal.kill('SIGKILL'))
  let shown = ''
  terminal.stdout.on('data', (text) => {
    shown += text
  })
  await until('it listens', () => /listening.*:(\d+)/.test(shown) && /-help /.test(shown))
  const port = Number(/listening.*:(\d+)/.exec(shown)?.[1])
  // Control-S. The terminal has acted on it when it does not show further connections.
  terminal.stdin.write('\x13')
  for (let before = ''; before !== shown; ) {
    before = shown
    listen(t, port).socket.once('data', function (this: { destroy(): void }) {
      this.destroy()
    })
    await sleep(300)
  }
  // Node started after `script` and the shell, whose command lines contain the token, too.
  const pid = Math.max(...processesWith(token))
  const askedAt = performance.now()
  process.kill(pid, 'SIGTERM')
  await untilGone(token, ENDS_WITHIN_MS).catch(() => process.kill(pid, 'SIGKILL'))
  t.ok(performance.now() - askedAt < ENDS_WITHIN_MS, 'in time')
  await exited
})

t.test('commands that print and exit report what cannot be written in one line', { skip: needsProc }, async (t) => {
  for (const [args, redirection, code, said] of [
    [['-help'], '>/dev/full', 1, /^streamserve: cannot write to standard output: ENOSPC[^\n]*\n$/],
    [['-check', '-demo'], '>/dev/full', 1, /^streamserve: cannot write to standard output: ENOSPC[^\n]*\n$/],
    [['-help'], '| true', 0, /^$/],
    [['-no-such-flag'], '2>/dev/full', 2, /^$/],
  ] as const) {
    const line = `"$@" ${redirection}`
    const child = spawn('sh', ['-c', line, 'sh', ...PLAIN_NODE, MAIN, ...args], { env: plainEnvironment() })
    let text = ''
    child.stderr.on('data', (chunk) => {
      text += chunk
    })
    const [exitCode] = await once(child, 'close')
    t.equal(exitCode, code, line)
    t.match(text, said, line)
  }
})
