/** A client of HLS beside the listeners of a bench. */
import type { Server } from './servers.ts'

/** Interval of its requests, in milliseconds: as a cache makes them for any number of clients, or six clients without one. */
const EVERY_MS = 1000

/** Requests the playlist of the server's stream, and each new segment of it, until the server is stopped. */
export function withHlsClient(server: Server): Server {
  const url = `http://127.0.0.1:${server.port}/hls/live.m3u8`
  let last: string | undefined
  const ask = async () => {
    const playlist = await (await fetch(url)).text()
    const next = playlist.split('\n').findLast((line) => line !== '' && !line.startsWith('#'))
    if (next === undefined || next === last || !playlist.startsWith('#EXTM3U')) return
    last = next
    await (await fetch(new URL(next, url))).arrayBuffer()
  }
  // A server that is being stopped does not answer.
  const asking = setInterval(() => void ask().catch(() => {}), EVERY_MS)
  const stop = () => {
    clearInterval(asking)
    return server.process.stop()
  }
  return { ...server, process: { ...server.process, stop } }
}
