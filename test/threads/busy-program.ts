import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { type Client, listen } from '../client.ts'
import { type Server, type StartOptions, startServer } from '../streamserve.ts'
import { newerNode } from './newer-node.ts'

const BUSY = ['-frame-filter', fileURLToPath(new URL('./busy-filter.js', import.meta.url)), '-frame-bytes', '4']

/**
 * The program itself starts its thread, because a filter keeps it busy.
 * @returns a program of two threads, and listeners of both.
 */
export async function startBusy(
  t: Test,
  flags: readonly string[],
  options: StartOptions = {},
): Promise<{ server: Server; listeners: Client[] }> {
  const server = await startServer(t, [...BUSY, '-cpu-max', '2', ...flags], { node: newerNode, ...options })
  const listeners = [listen(t, server.port)]
  await server.logged(/delivery thread started thread=1/)
  // The system decides which thread accepts a connection: soon both have accepted some.
  for (let came = 1; server.count(/listener connected thread=1/) < 2 || listeners.length < 6; came++) {
    listeners.push(listen(t, server.port))
    await server.loggedTimes(/listener connected/, came + 1)
  }
  return { server, listeners }
}
