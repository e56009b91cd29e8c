import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { plainFrames } from '../../delivery/plain-mp3.ts'
import { makeFifo, openWriter, type Writer } from '../../fifos.ts'
import { type Server, type StartOptions, startServer } from '../../streamserve.ts'

/** A program whose stream `/radio` reads what the test writes. */
export interface HlsServer extends Server {
  /** What it is written to. */
  readonly fifo: string
  /** Writes about so much MP3, all of it different. */
  give(seconds: number): void
  /** Ends the opening of the source, and begins another one. */
  reopen(): Promise<void>
  /** Changes the lines of the stream, and reloads. */
  rewrite(lines: readonly string[]): Promise<void>
  /** Writes bytes. */
  write(bytes: Buffer): void
}

const FRAMES_PER_SECOND = 44_100 / 1152
let seed = 1

/** @param lines of the stream `/radio` @param more further sections */
export async function startHls(
  t: Test,
  lines: readonly string[],
  more: readonly string[] = [],
  options: StartOptions = {},
): Promise<HlsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-hls-'))
  const fifo = makeFifo(folder)
  const file = join(folder, 'station.conf')
  const write = (own: readonly string[]) =>
    writeFileSync(file, ['[/radio]', `exec cat ${fifo}`, ...own, ...more].join('\n'))
  write(lines)
  const server = await startServer(t, ['-config', file], options)
  let writer: Writer = openWriter(t, fifo)
  return {
    ...server,
    fifo,
    give: (seconds) => writer.write(Buffer.concat(plainFrames(Math.ceil(seconds * FRAMES_PER_SECOND), seed++))),
    write: (bytes) => writer.write(bytes),
    async reopen() {
      const before = server.count(/source closed/)
      await writer.end()
      // The reader would go on with a writer that is there already.
      await server.loggedTimes(/source closed/, before + 1)
      writer = openWriter(t, fifo)
    },
    async rewrite(own) {
      write(own)
      const before = server.count(/configuration reloaded/)
      server.child.kill('SIGHUP')
      await server.loggedTimes(/configuration reloaded/, before + 1)
    },
  }
}

/** A Media Playlist, as far as tests look at it. */
export interface ReadPlaylist {
  readonly text: string
  readonly sequence: number
  readonly discontinuity: number
  readonly segments: readonly {
    readonly uri: string
    readonly seconds: number
    readonly isFirst: boolean
    readonly at: number
  }[]
}

export function readPlaylist(text: string): ReadPlaylist {
  const tag = (name: string) => Number(new RegExp(`^#EXT-X-${name}:(\\d+)$`, 'm').exec(text)?.[1])
  const segments = text.matchAll(
    /(#EXT-X-DISCONTINUITY\n)?(?:#EXT-X-MAP:.*\n)?#EXT-X-PROGRAM-DATE-TIME:(.*)\n#EXTINF:([\d.]+),\n(.+)\n/g,
  )
  return {
    text,
    sequence: tag('MEDIA-SEQUENCE'),
    discontinuity: tag('DISCONTINUITY-SEQUENCE'),
    segments: Array.from(segments, ([, first, time = '', seconds, uri = '']) => ({
      uri,
      seconds: Number(seconds),
      isFirst: first !== undefined,
      at: Date.parse(time),
    })),
  }
}

/** Requests a playlist until it fulfils a condition. */
export async function playlistWith(url: string, holds: (playlist: ReadPlaylist) => boolean): Promise<ReadPlaylist> {
  for (const deadline = performance.now() + 30_000; ; ) {
    const response = await fetch(url)
    const playlist = readPlaylist(await response.text())
    if (response.status === 200 && holds(playlist)) return playlist
    if (performance.now() > deadline) throw new Error(`${response.status} ${playlist.text}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A playlist with at least a number of segments. */
export function withSegments(url: string, count: number): Promise<ReadPlaylist> {
  return playlistWith(url, ({ segments }) => segments.length >= count)
}
