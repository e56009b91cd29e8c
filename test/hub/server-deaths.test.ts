/** Listeners of edges while servers of the hub die. */
import t from 'tap'
import { needs } from '../programs.ts'
import { repetitions } from '../repetitions.ts'
import { clusterOf } from './cluster.ts'
import { serverOf, startEdge, startOrigin } from './hub-programs.ts'
import { startNumbers } from './numbered-mp3.ts'
import { listenToNumbers, type NumbersListener } from './numbers-listener.ts'

/** Deaths of a server. */
const KILLS = repetitions(3, 20)
/** Longest silence of listeners whose edge is connected to another server, and to the one that was killed, in milliseconds. */
const OTHERS_MS = 200
const OWN_MS = 500
const skip = needs('nats-server', 'openssl')

t.setTimeout(300_000)
t.test(`${KILLS} deaths of a server lose no frame`, { skip }, async (t) => {
  const cluster = await clusterOf(t)
  await cluster.jetStreamReady()
  const { url } = await startNumbers(t)
  const origin = await startOrigin(t, cluster, 'origin-a', ['-relay', url])
  const edges = await Promise.all(['one', 'two', 'three'].map((name) => startEdge(t, cluster, name)))
  const listeners = edges.map(({ port }) => listenToNumbers(t, port, '/'))
  await Promise.all(listeners.map((listener) => listener.hears()))
  const longest = { own: 0, others: 0 }
  for (let kill = 0; kill < KILLS; kill++) {
    const own = await Promise.all(edges.map((edge) => serverOf(cluster, edge)))
    const victim = Math.floor(Math.random() * 3)
    for (const listener of listeners) listener.longestSilenceMs()
    await cluster.kill(victim)
    await Promise.all(listeners.map((listener) => listener.hears()))
    for (const program of [...edges, origin]) await serverOf(cluster, program, victim)
    await Promise.all(listeners.map((listener) => listener.hears()))
    for (const [i, listener] of listeners.entries()) {
      const kind = own[i] === victim ? 'own' : 'others'
      longest[kind] = Math.max(longest[kind], listener.longestSilenceMs())
    }
    await cluster.restart(victim)
    // Up to 2 s, to be killed at any moment between two keys.
    const heard = listeners.map((listener) => listener.numbers().length + 20 + Math.floor(Math.random() * 60))
    for (const [i, listener] of listeners.entries())
      while (listener.numbers().length < (heard[i] ?? 0)) await listener.hears()
  }
  for (const listener of listeners) t.strictSame(listener.faults(), { repeated: [], missing: [] })
  t.ok(longest.others < OTHERS_MS, `others: ${Math.round(longest.others)} ms`)
  t.ok(longest.own < OWN_MS, `own: ${Math.round(longest.own)} ms`)
})

t.test('all servers are away for 10 s', { skip }, async (t) => {
  const cluster = await clusterOf(t)
  const { url } = await startNumbers(t)
  const origin = await startOrigin(t, cluster, 'origin-a', ['-relay', url])
  const [plain, relayed] = await Promise.all([
    startEdge(t, cluster, 'plain'),
    startEdge(t, cluster, 'relayed', ['-relay', `${origin.url}/`]),
  ])
  const [own, further] = [origin, plain, relayed].map(({ port }) => listenToNumbers(t, port, '/')).slice(1) as [
    NumbersListener,
    NumbersListener,
  ]
  await Promise.all([own.hears(), further.hears()])
  await cluster.kill()
  const from = further.numbers().length
  // 10 s of frames by relay: the others have none meanwhile.
  while (further.numbers().length < from + 10_000 / 24) await further.hears()
  await cluster.restart()
  const before = own.numbers().length
  await own.hears()
  while (own.numbers().length < before + 100) await own.hears()
  t.strictSame(own.faults().repeated, [])
  const lost = own.faults().missing.length
  t.ok(lost <= 12_000 / 24, `${lost} frames are missing`)
  await plain.logged(/frames lost .*frames=/)
  const seen = further.faults()
  t.ok(seen.missing.length < 2_000 / 24, `${seen.missing.length} are missing with a relay`)
})
