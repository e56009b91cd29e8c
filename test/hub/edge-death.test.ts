/** The listeners of an edge that dies, behind a balancer. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { freePort } from '../free-port.ts'
import { needs } from '../programs.ts'
import { startProxyProgram } from '../proxies/proxy-program.ts'
import { clusterOf } from './cluster.ts'
import { gather } from './crowd.ts'
import { startEdge, startOrigin } from './hub-programs.ts'

const LISTENERS = 2_000
const BACK_MS = 2_000
/** 24 kbit/s: the program, the balancer and all listeners share one small machine. */
const LOW = 'ffmpeg -v error -nostdin -re -f lavfi -i sine=frequency=440:sample_rate=22050 -b:a 24k -f mp3 -'
const skip = needs('nats-server', 'openssl', 'haproxy', 'ffmpeg')

t.setTimeout(180_000)
t.test(`${LISTENERS} listeners of an edge that is killed hear others within ${BACK_MS} ms`, { skip }, async (t) => {
  const cluster = await clusterOf(t)
  await startOrigin(t, cluster, 'origin-a', ['-exec', LOW])
  const edges = await Promise.all(['one', 'two', 'three'].map((name) => startEdge(t, cluster, name)))
  const [first, ...others] = edges.map(({ port }) => port)
  // All listeners are at one edge before.
  const port = await startBalancer(
    t,
    [`server edge1 127.0.0.1:${first} check`].concat(
      others.map((other, i) => `server edge${i + 2} 127.0.0.1:${other} check backup`),
    ),
  )
  const crowd = gather(t, port, '/', LISTENERS)
  await crowd.allHear()
  edges[0]?.child.kill('SIGKILL')
  const from = performance.now()
  await crowd.lost()
  await crowd.allHear()
  const ms = performance.now() - from
  t.ok(ms < BACK_MS, `all are back after ${Math.round(ms)} ms`)
})

/** Starts HAProxy for bytes as they are. @returns its port */
async function startBalancer(t: Test, servers: readonly string[]): Promise<number> {
  const port = await freePort()
  const file = join(t.testdir(), 'haproxy.cfg')
  const lines = [
    'global',
    '  maxconn 10000',
    'defaults',
    '  mode tcp',
    '  timeout connect 1s',
    '  timeout client 1h',
    '  timeout server 1h',
    '  retries 3',
    '  option redispatch 1',
    'frontend radio',
    `  bind 127.0.0.1:${port}`,
    '  default_backend edges',
    'backend edges',
    '  balance leastconn',
    '  option allbackups',
    '  default-server inter 500ms fall 2 rise 2 on-marked-down shutdown-sessions',
    ...servers.map((server) => `  ${server}`),
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  await startProxyProgram(t, port, ['haproxy', '-q', '-db', '-f', file])
  return port
}
