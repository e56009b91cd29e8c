import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { listen } from '../client.ts'
import { needs, runProgram } from '../programs.ts'
import { MAIN, PLAIN_NODE, plainEnvironment } from '../streamserve.ts'

const WITH_NOTIFY = fileURLToPath(new URL('../../../deb/files/with-notify', import.meta.url))

/** Simulates systemd: creates a socket at the given path, and prints each received datagram on a line. */
const MANAGER = `
use strict; use warnings; use Socket; $| = 1;
socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die $!;
bind($s, pack_sockaddr_un($ARGV[0])) or die $!;
print "here\\n";
while (defined recv($s, my $got, 4096, 0)) { $got =~ tr/\\n/ /; print "$got\\n" }
`
/** Simulates a systemd socket unit: listens on descriptor 3, and executes the command with LISTEN_PID set. */
const HAND_OVER = `
use strict; use warnings; use Socket; use POSIX (); $^F = 255;
socket(my $s, AF_INET, SOCK_STREAM, 0) or die $!;
bind($s, sockaddr_in(0, INADDR_LOOPBACK)) && listen($s, 8) or die $!;
POSIX::dup2(fileno($s), 3); @ENV{qw(LISTEN_PID LISTEN_FDS)} = ($$, 1); exec @ARGV;
`

t.test(
  'notifies the manager that it is ready, of its state, and that it is alive',
  { skip: needs('perl') },
  async (t) => {
    const path = join(mkdtempSync(join(tmpdir(), 'streamserve-')), 'notify')
    const manager = spawn('perl', ['-e', MANAGER, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    t.teardown(() => manager.kill('SIGKILL'))
    let heard = ''
    const hears = async (what: RegExp) => {
      while (!what.test(heard)) heard += String((await once(manager.stdout, 'data'))[0])
      return what.exec(heard)?.[1] ?? ''
    }
    await hears(/here/)
    const child = spawn(WITH_NOTIFY, [...PLAIN_NODE, MAIN, '-demo', '-address', '127.0.0.1:0'], {
      stdio: 'ignore',
      env: { ...plainEnvironment(), NOTIFY_SOCKET: path, WATCHDOG_USEC: '1000000' },
    })
    t.teardown(() => child.kill('SIGTERM'))
    const port = Number(await hears(/^READY=1 STATUS=http:\/\/127\.0\.0\.1:(\d+), 0 listeners, source closed$/m))
    await hears(/^(WATCHDOG=1)$/m)
    const client = listen(t, port)
    await client.bodyHas(1)
    t.ok(await hears(/^STATUS=http:\S+, (1) listener, source open$/m))
  },
)

t.test('listens at a socket that the manager passes', { skip: needs('perl') }, async (t) => {
  const command = [WITH_NOTIFY, ...PLAIN_NODE, MAIN, '-demo', '-address', '127.0.0.1:1']
  const child = spawn('perl', ['-e', HAND_OVER, ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: plainEnvironment(),
  })
  t.teardown(() => child.kill('SIGTERM'))
  let log = ''
  while (!/listening.*:\d+\/$/m.test(log)) log += String((await once(child.stdout, 'data'))[0])
  const port = Number(/listening.*:(\d+)\/$/m.exec(log)?.[1])
  t.not(port, 1)
  t.ok((await listen(t, port).bodyHas(1000)).length >= 1000)
  if (needs('ss')) return
  const [, , queue] = runProgram('ss', ['-Hltn', `sport = :${port}`])
    .toString()
    .split(/\s+/)
  const most = Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'))
  t.equal(Number(queue), Math.min(4096, most), 'a burst of connections finds room in its queue')
})
