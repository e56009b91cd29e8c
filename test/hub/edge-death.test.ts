/** The listeners of an edge that dies, behind a balancer. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { listen } from '../client.ts'
import { blockOfDocs } from '../docs/blocks.ts'
import { freePort } from '../free-port.ts'
import { until } from '../processes.ts'
import { needs } from '../programs.ts'
import { startProxyProgram } from '../proxies/proxy-program.ts'
import { clusterOf } from './cluster.ts'
import { gather } from './crowd.ts'
import { startEdge, startOrigin } from './hub-programs.ts'

const LISTENERS = 2_000
const BACK_MS = 2_000
/** Time in which the death is noticed, by the balancer and by the listeners, and of their first pause, in milliseconds. */
const NOTICED_MS = 750
/** 24 kbit/s: the program, the balancer and all listeners share one small machine. */
const LOW = 'ffmpeg -v error -nostdin -re -f lavfi -i sine=frequency=440:sample_rate=22050 -b:a 24k -f mp3 -'
const skip = needs('nats-server', 'openssl', 'haproxy', 'ffmpeg')

t.setTimeout(180_000)
t.test(
  `${LISTENERS} listeners of an edge that is killed hear others within ${BACK_MS} ms, or as fast as they came`,
  { skip },
  async (t) => {
    const cluster = await clusterOf(t)
    await startOrigin(t, cluster, 'origin-a', ['-exec', LOW])
    const ports = [await freePort(), await freePort(), await freePort()]
    const [first = 0, ...others] = ports
    const start = (port: number) => startEdge(t, cluster, `edge-${port}`, ['-address', `127.0.0.1:${port}`])
    const port = await startBalancer(t, ports)
    const edge = await start(first)
    const beganAt = performance.now()
    const crowd = gather(t, port, '/', LISTENERS)
    await crowd.allHear()
    const floorMs = performance.now() - beganAt
    // New listeners go to the others, which have fewer, once the balancer has noticed them.
    for (const other of await Promise.all(others.map(start))) {
      await until('a listener of the other edge', async () => {
        const visitor = listen(t, port)
        await visitor.headCame()
        visitor.reset()
        return other.count(/listener connected/) > 0
      })
    }
    edge.child.kill('SIGKILL')
    const from = performance.now()
    await crowd.lost()
    await crowd.allHear()
    const ms = performance.now() - from
    const mostMs = Math.max(BACK_MS, floorMs + NOTICED_MS)
    t.ok(ms < mostMs, `all are back after ${Math.round(ms)} ms; they came within ${Math.round(floorMs)} ms`)
  },
)

/** Starts the balancer of the documentation. */
async function startBalancer(t: Test, edges: readonly number[]): Promise<number> {
  const port = await freePort()
  const file = join(t.testdir(), 'haproxy.cfg')
  const text = blockOfDocs('haproxy-edges.cfg')
    .replace('maxconn 60000', 'maxconn 5000')
    .replace('bind :80', `bind 127.0.0.1:${port}`)
    .replaceAll(/edge(\d)\.example:80/g, (_, number: string) => `127.0.0.1:${edges[Number(number) - 1]}`)
  writeFileSync(file, text)
  await startProxyProgram(t, port, ['haproxy', '-q', '-db', '-f', file])
  return port
}
