import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Speaker } from './web-page.ts'

/** Programs without which no browser but Chromium can be heard. */
export const SOUND_PROGRAMS = ['pulseaudio', 'parec'] as const

const RATE = 48_000
/** Duration of a measurement, in samples, and least level of a tone. */
const WINDOW = RATE / 4
const LEAST_PEAK = 0.003
/** Largest difference of two measurements of a steady tone, in Hz. */
const STEADY_HZ = 3

/** A sound server with one sink, for one browser. It is ended with the test. */
export interface SoundServer extends Speaker {
  /** Environment of programs that play to it. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Starts PulseAudio without a sound card: its null sink takes sound at its own speed.
 * @param microphoneHz frequency of a tone at its microphone; undefined: it has none
 */
export async function startSoundServer(t: Test, microphoneHz?: number): Promise<SoundServer> {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-sound-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const socket = join(folder, 'socket')
  const env = { XDG_RUNTIME_DIR: folder, PULSE_SERVER: `unix:${socket}`, PULSE_COOKIE: join(folder, 'cookie') }
  const modules = [
    `module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
    'module-null-sink sink_name=null',
    ...(microphoneHz === undefined ? [] : microphone(microphoneHz)),
  ]
  const words = ['-n', '--daemonize=no', '--exit-idle-time=-1', '--disable-shm=1', '--log-level=info']
  const server = spawn('pulseaudio', [...words, ...modules.flatMap((module) => ['-L', module])], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  t.teardown(() => end(server))
  await says(server, /Daemon startup complete/)
  return { env, tone: () => toneOf({ ...process.env, ...env }) }
}

/** Modules of a microphone: browsers do not offer the monitor of a sink as one. */
function microphone(hz: number): string[] {
  return [
    'module-null-sink sink_name=room',
    `module-sine sink=room frequency=${hz}`,
    'module-remap-source master=room.monitor source_name=microphone',
  ]
}

/** Ends a program, and waits until it has ended. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** Resolves with the match when a program writes this to its standard error; rejects when it ends before. */
export function says(child: ChildProcess, what: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-10_000)
      const match = what.exec(said)
      if (match !== null) resolve(match)
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${child.spawnfile} exits with ${code}: ${said}`)))
  })
}

/** Reads a sink until two measurements of its tone agree. */
async function toneOf(env: NodeJS.ProcessEnv): Promise<number> {
  const words = ['-d', 'null.monitor', '--raw', '--format=s16le', `--rate=${RATE}`, '--channels=1', '--latency-msec=50']
  const reader = spawn('parec', words, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    let unread = Buffer.alloc(0)
    let last: number | undefined
    for await (const bytes of reader.stdout) {
      unread = Buffer.concat([unread, bytes as Buffer])
      if (unread.length < 2 * WINDOW) continue
      const hz = frequencyOf(unread)
      unread = Buffer.alloc(0)
      if (hz !== undefined && last !== undefined && Math.abs(hz - last) < STEADY_HZ) return hz
      last = hz
    }
    throw new Error('parec ended')
  } finally {
    await end(reader)
  }
}

/** Frequency of a sine, in Hz, from the times at which it crosses zero upwards; undefined: silence. */
function frequencyOf(bytes: Buffer): number | undefined {
  const samples = Array.from({ length: bytes.length >> 1 }, (_, at) => bytes.readInt16LE(2 * at) / 0x8000)
  if (Math.max(...samples) < LEAST_PEAK) return undefined
  const crossings = samples.flatMap((sample, at) => {
    const before = samples[at - 1] ?? 0
    return before < 0 && sample >= 0 ? [at - sample / (sample - before)] : []
  })
  const [first = 0, last = 0] = [crossings[0], crossings.at(-1)]
  return crossings.length < 2 ? undefined : ((crossings.length - 1) * RATE) / (last - first)
}
