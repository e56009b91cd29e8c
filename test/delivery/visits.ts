import type { Server } from '../streamserve.ts'

/** What the log says about a listener when it has left. */
export interface Visit {
  readonly bytes: number
  readonly frames: number
  readonly skipped: number
  readonly why: string
}

/** Resolved when a listener's leaving is in the log. */
export async function visitOf(server: Server, client: { address(): string }): Promise<Visit> {
  const line = await server.logged(new RegExp(`listener left.* client=${client.address()} `))
  const value = (name: string) => new RegExp(` ${name}=(?:"([^"]*)"|(\\S+))`).exec(line)
  const number = (name: string) => Number(value(name)?.[2])
  const why = value('why')
  return {
    bytes: number('bytes'),
    frames: number('frames'),
    skipped: number('skipped'),
    why: why?.[1] ?? why?.[2] ?? '',
  }
}

/** Gives bytes to a server that reads its standard input. */
export function feed(server: Server, bytes: Buffer): void {
  server.child.stdin?.write(bytes)
}
