import type { Server } from '../../streamserve.ts'

/** A clip that was received. */
export interface Clip {
  readonly answer: Response
  readonly bytes: Buffer
  /** Times of its beginning and its end, in milliseconds. */
  readonly from: number
  readonly to: number
}

/** Requests a clip. @param path of the stream, without the slash in front */
export async function clipOf({ url }: Pick<Server, 'url'>, query: string, path = ''): Promise<Clip> {
  const answer = await fetch(`${url}/clip/${path}?${query}`)
  const bytes = Buffer.from(await answer.arrayBuffer())
  const timeOf = (name: string) => Date.parse(answer.headers.get(name) ?? '')
  return { answer, bytes, from: timeOf('clip-from'), to: timeOf('clip-to') }
}

/** Returns the query of a time, in milliseconds. */
export function between(from: number, to: number): string {
  return `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`
}
