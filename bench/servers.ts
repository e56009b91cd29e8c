/** The servers that are measured. All of them send the stream of the benches on a port of this machine. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { type Child, startChild, startScript } from './child.ts'
import { FRAME_BYTES } from './frames.ts'

export interface Server {
  readonly process: Child
  readonly port: number
  /** Collects its garbage and says what its heap is then; there is no heap in C. */
  readonly heap: (() => Promise<Heap>) | undefined
}

/** In kB. */
export interface Heap {
  /** What JavaScript holds, buffers included. */
  readonly heldKb: number
  /** Memory that V8 keeps for more. */
  readonly roomKb: number
}

export type StartServer = () => Promise<Server>

/** streamserve at the tick of the floors, fed by a child through a pipe. */
export function startStreamserve(): Promise<Server> {
  const frames = ['-frame-filter', 'raw', '-frame-bytes', String(FRAME_BYTES), '-max-delay', '100ms']
  const source = ['-exec', process.execPath, fileURLToPath(new URL('./feeder.js', import.meta.url))]
  return startInNode('../src/main.js', ['-address', '127.0.0.1:0', ...frames, ...source])
}

export function startFloor(): Promise<Server> {
  return startInNode('./floor.js', [])
}

/** Compiles the floor in C. @returns how to start it; undefined when this machine has no C compiler. */
export async function compileFloor(): Promise<StartServer | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true }))
  const program = join(folder, 'floor')
  const source = fileURLToPath(new URL('../../bench/floor.c', import.meta.url))
  const { failed, code, stderr } = await execa(process.env['CC'] ?? 'cc', ['-O2', '-Wall', '-o', program, source], {
    reject: false,
  })
  if (code === 'ENOENT') return undefined
  if (failed) throw new Error(`floor.c does not compile: ${stderr}`)
  return async () => {
    const child = startChild(program, [])
    return { process: child, port: await listeningPort(child), heap: undefined }
  }
}

async function startInNode(script: string, args: readonly string[]): Promise<Server> {
  const child = startScript(script, args, ['./heap-probe.js'])
  return { process: child, port: await listeningPort(child), heap: () => probeHeap(child) }
}

/** Waits until a server says where it listens. */
async function listeningPort(child: Child): Promise<number> {
  const [, port] = await child.says(/http:\/\/127\.0\.0\.1:(\d+)/)
  return Number(port)
}

async function probeHeap(child: Child): Promise<Heap> {
  const answer = child.says(/^held=(\d+) room=(\d+)$/)
  process.kill(child.pid, 'SIGUSR2')
  const [, held, room] = await answer
  return { heldKb: Number(held), roomKb: Number(room) }
}
