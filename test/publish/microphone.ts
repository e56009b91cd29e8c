import { closeSync, constants, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { makeFifo } from '../fifos.ts'
import { plainEnvironment } from '../streamserve.ts'

const RATE = 44_100
const AMPLITUDE = 20_000

/**
 * Simulates a sound card with a microphone, which hears a tone: ALSA's default device reads a FIFO, into which this process writes
 * in real time. A read is filled up with silence unless it ends where a write has ended.
 * @param samples that the program reads at a time, or a multiple of them.
 * @returns the environment for the program.
 */
export function makeMicrophone(t: Test, folder: string, hz: number, samples: number): NodeJS.ProcessEnv {
  const fifo = makeFifo(folder, 'microphone')
  const configuration = join(folder, 'asound.conf')
  writeFileSync(
    configuration,
    `pcm.!default { type plug  slave { pcm "microphone"  format S16_LE  rate ${RATE}  channels 2 } }
     pcm.microphone { type file  slave.pcm "nul"  file "/dev/null"  infile "${fifo}"  format "raw" }
     pcm.nul { type null }\n`,
  )
  // Opened for reading as well, because programs close it and open it again.
  const output = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK)
  const startedAt = performance.now()
  let played = 0
  let timer: NodeJS.Timeout | undefined
  const play = () => {
    write(output, toneOf(hz, played, samples))
    played += samples
    timer = setTimeout(play, Math.max(0, startedAt + (played / RATE) * 1000 - performance.now()))
  }
  play()
  t.teardown(() => {
    clearTimeout(timer)
    closeSync(output)
  })
  return { ...plainEnvironment(), ALSA_CONFIG_PATH: `/usr/share/alsa/alsa.conf:${configuration}` }
}

/** What is not read in time is lost, as with a real one. */
function write(output: number, bytes: Buffer): void {
  try {
    writeSync(output, bytes)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
  }
}

/** Samples of both channels. */
function toneOf(hz: number, from: number, samples: number): Buffer {
  const bytes = Buffer.alloc(4 * samples)
  for (let i = 0; i < samples; i++) {
    const sample = Math.round(AMPLITUDE * Math.sin((2 * Math.PI * hz * (from + i)) / RATE))
    bytes.writeInt16LE(sample, 4 * i)
    bytes.writeInt16LE(sample, 4 * i + 2)
  }
  return bytes
}
