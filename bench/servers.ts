/** The measured servers. All of them listen on a local port. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { benchFolder } from './bench-folder.ts'
import { type Child, startChild, startScript } from './child.ts'
import { compiled } from './compiled.ts'
import { FRAME_BYTES } from './frames.ts'
import type { Place } from './load.ts'

export interface Server extends Place {
  readonly process: Child
}

export type StartServer = () => Promise<Server>

/** A child that writes the stream of the benches to its standard output. */
const FEEDER = [process.execPath, fileURLToPath(new URL('./feeder.js', import.meta.url))] as const

/** Filter of streamserve: MP3 as in a real station, or raw bytes. */
export type Cut = 'mp3' | 'raw'

const CUTS: Readonly<Record<Cut, readonly string[]>> = {
  mp3: ['-frame-filter', 'mp3'],
  raw: ['-frame-filter', 'raw', '-frame-bytes', String(FRAME_BYTES)],
}

/**
 * Starts streamserve with the stream of the benches, from a child through a pipe.
 * @param preload scripts to load before it.
 */
export function startStation(
  flags: readonly string[],
  cut: Cut = 'mp3',
  preload: readonly string[] = [],
): Promise<Server> {
  return startStreamserve([...flags, ...CUTS[cut], '-warm', '-exec', ...FEEDER], preload)
}

export function startStreamserve(flags: readonly string[], preload: readonly string[] = []): Promise<Server> {
  return listening(startScript('../program/main.js', ['-address', '127.0.0.1:0', ...flags], preload))
}

/** Writes a station file. @param head its first lines. @param sections the lines of each stream. @returns its path */
export function stationFile(head: readonly string[], sections: readonly (readonly string[])[]): string {
  const file = join(benchFolder('station'), 'station.conf')
  const lines = [...head, ...sections.flatMap((section, i) => [`[/s${i}]`, ...section])]
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

/** Starts a minimal server in C. */
export async function startFloor(tickMs: number): Promise<Server> {
  return listening(startChild(await compiled('floor'), [String(tickMs), ...FEEDER]))
}

/** Starts a minimal server in Node. */
export function startNetFloor(tickMs: number): Promise<Server> {
  return listening(startScript('./floor.js', [String(tickMs), ...FEEDER]))
}

/** Starts a minimal server in Node that writes as much as possible. */
export function startFirehoseFloor(): Promise<Server> {
  return listening(startScript('./floor.js', ['zeros']))
}

/** Waits until a server prints its address. */
async function listening(child: Child): Promise<Server> {
  const [, port] = await child.line(/http:\/\/127\.0\.0\.1:(\d+)/)
  return { process: child, port: Number(port), path: '/' }
}
