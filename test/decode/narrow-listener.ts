import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'
import { plainEnvironment } from '../streamserve.ts'
import { type Listener, record } from './listener.ts'

/**
 * A listener with minimal buffers. Between two ordinary sockets the kernel buffers megabytes, which is minutes of sound; this
 * one sets small buffers and small segments before it connects, which Node cannot do, and stops reading by itself before the
 * kernel enlarges the server's buffer: so it is lapped after some 60 kB. It resumes reading when it gets `+`.
 */
const SCRIPT = `
  use strict;
  use Socket qw(:DEFAULT IPPROTO_TCP TCP_MAXSEG);
  socket(my $socket, PF_INET, SOCK_STREAM, 0) or die "socket: $!";
  setsockopt($socket, SOL_SOCKET, SO_RCVBUF, pack('i', 2048)) or die "SO_RCVBUF: $!";
  setsockopt($socket, IPPROTO_TCP, TCP_MAXSEG, pack('i', 536)) or die "TCP_MAXSEG: $!";
  connect($socket, sockaddr_in($ARGV[0], inet_aton('127.0.0.1'))) or die "connect: $!";
  syswrite($socket, "GET / HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n");
  for (my $left = $ARGV[1];;) {
    my $ready = '';
    vec($ready, fileno(STDIN), 1) = 1;
    vec($ready, fileno($socket), 1) = $left > 0 ? 1 : 0;
    select($ready, undef, undef, undef);
    if (vec($ready, fileno(STDIN), 1)) {
      sysread(STDIN, my $command, 64) or exit;
      $left = 9e15;
    } elsif (vec($ready, fileno($socket), 1)) {
      sysread($socket, my $bytes, $left < 65536 ? $left : 65536) or exit;
      $left -= length($bytes);
      for (my $at = 0; $at < length($bytes);) { $at += syswrite(STDOUT, $bytes, length($bytes) - $at, $at) }
    }
  }`

/** A listener that stalls. */
export interface NarrowListener extends Listener {
  resume(): void
  leave(): void
}

/**
 * Connects and requests the stream. It is ended with the test. @param bytes number of bytes after which it stalls, response
 * head included.
 */
export function listenNarrowly(t: Test, port: number, bytes: number): NarrowListener {
  const child = spawn('perl', ['-e', SCRIPT, String(port), String(bytes)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: plainEnvironment(),
  })
  child.stdin.on('error', () => {})
  const closed = once(child, 'close')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await closed
  })
  return {
    ...record(child.stdout, closed),
    resume: () => void child.stdin.write('+'),
    leave: () => void child.stdin.end(),
  }
}
