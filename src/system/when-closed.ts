import type { EventEmitter } from 'node:events'

/** Resolves when a connection is closed. `once` of node:events would reject when an error closes it. */
export function whenClosed(connection: EventEmitter): Promise<void> {
  return new Promise((resolve) => connection.once('close', () => resolve()))
}
