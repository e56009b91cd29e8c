import { type Answer, Validator } from './validator.ts'

/** Time between two loads, in milliseconds. */
const POLL_MS = 1_000

/** Loads a live playlist every second and checks it. @param ms how long @returns the validator, with the rules that were broken */
export async function watchPlaylist(url: string, ms: number): Promise<Validator> {
  const validator = new Validator(
    (uri) => request(new URL(uri, url)),
    () => performance.now(),
  )
  for (const end = performance.now() + ms; performance.now() < end; ) {
    const { status, type, bytes } = await request(new URL(url))
    if (status !== 200) validator.faults.push(`the playlist is answered with ${status}`)
    else if (type !== 'application/vnd.apple.mpegurl') validator.faults.push(`the playlist has the type ${type}`)
    else await validator.load(bytes.toString())
    await new Promise((resolve) => {
      setTimeout(resolve, POLL_MS)
    })
  }
  return validator
}

async function request(url: URL): Promise<Answer> {
  const response = await fetch(url)
  const type = response.headers.get('content-type') ?? undefined
  return { status: response.status, type, bytes: Buffer.from(await response.arrayBuffer()) }
}
