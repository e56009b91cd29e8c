import type { Server } from '../streamserve.ts'

/** Log record of a listener that has disconnected. */
export interface Visit {
  readonly bytes: number
  readonly frames: number
  readonly skipped: number
  readonly reason: string
}

/** Resolves when the log reports that a listener has disconnected. */
export async function visitOf(server: Server, client: { address(): string }): Promise<Visit> {
  const line = await server.logged(new RegExp(`listener disconnected.* client=${client.address()} `))
  const value = (name: string) => new RegExp(` ${name}=(?:"([^"]*)"|(\\S+))`).exec(line)
  const number = (name: string) => Number(value(name)?.[2])
  const reason = value('reason')
  return {
    bytes: number('bytes'),
    frames: number('frames'),
    skipped: number('skipped'),
    reason: reason?.[1] ?? reason?.[2] ?? '',
  }
}

/** Writes bytes to the standard input of a server. */
export function feed(server: Server, bytes: Buffer): void {
  server.child.stdin?.write(bytes)
}
