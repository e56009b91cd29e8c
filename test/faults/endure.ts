import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { listen } from '../client.ts'
import { until } from '../processes.ts'
import { needsNewerNode } from '../threads/newer-node.ts'
import type { ProtocolError } from './faults.ts'
import { descriptorsOf, memoryOf, startVictim, wrongFrames } from './victim.ts'

/** Memory that the allocator may retain, in MiB. */
const MEMORY_NOISE = 40
/** Maximum time until a program has recovered, in milliseconds. */
const RECOVERS_WITHIN_MS = 30_000

/**
 * Runs the test of a fault: listeners receive every frame in order, before, during and after the fault; the process is the same
 * at the end, accepts new listeners, and has as many descriptors and as much memory as before.
 */
export function endure(t: Test, fault: ProtocolError, threads: boolean): void {
  const skip = fault.skip || (threads && needsNewerNode)
  const place = threads ? ', in delivery threads' : ''
  void t.test(`listeners get every frame when ${fault.name}${place}`, { skip }, async (t) => {
    const start = (await fault.start?.(t)) ?? {}
    const victim = await startVictim(t, start, threads)
    const { server, pid, listeners } = victim
    await victim.goesOn()
    // Exclude files that the first page loads.
    await Promise.all(['/player/', '/status'].map((path) => listen(t, server.port, path).closed))
    const before = { descriptors: descriptorsOf(pid), memory: memoryOf(pid) }

    const heal = await fault.inflict(victim, t)
    await heal()
    await victim.goesOn()
    await isServed(t, server.port, '/')
    await isServed(t, server.port, '/player/')

    for (const listener of listeners) {
      t.equal(listener.socket.destroyed, false)
      t.strictSame(wrongFrames(listener.body(), fault.restarts ?? 0), [])
    }
    t.equal(server.child.exitCode ?? server.child.signalCode, null, 'the process is the same')
    t.equal(server.count(/delivery thread crashed/), 0)
    await until(
      `descriptors are as before: ${before.descriptors}`,
      () => descriptorsOf(pid) <= before.descriptors + 1,
      RECOVERS_WITHIN_MS,
    )
    await until(
      `memory is as before: ${before.memory}`,
      () => memoryOf(pid) < before.memory + MEMORY_NOISE,
      RECOVERS_WITHIN_MS,
    )
    server.child.kill(fault.hangsAtExit ? 'SIGKILL' : 'SIGTERM')
    t.equal(await server.exited, fault.hangsAtExit ? null : 0)
  })
}

/** Resolves when a new client is served, which may be shortly after the other clients have disconnected. */
async function isServed(t: Test, port: number, path: string): Promise<void> {
  for (const deadline = performance.now() + RECOVERS_WITHIN_MS; ; await sleep(100)) {
    const newcomer = listen(t, port, path)
    const head = await newcomer.headCame().catch(String)
    if (head.startsWith('HTTP/1.1 200 ')) await newcomer.bodyHas(100)
    newcomer.socket.destroy()
    if (head.startsWith('HTTP/1.1 200 ')) return
    if (performance.now() > deadline) throw new Error(`a newcomer at ${path} is not served: ${head}`)
  }
}
