import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { makeFifo } from '../fifos.ts'
import { plainEnvironment } from '../streamserve.ts'

const FEEDER = fileURLToPath(new URL('./feed-sound-card.js', import.meta.url))

/**
 * Simulates a sound card: ALSA's default device reads a FIFO, into which another program writes numbers in real time. Each
 * number, from 0 on, is a sample of both channels of a CD: 32 bits, little-endian.
 * @returns the environment for arecord.
 */
export function makeSoundCard(t: Test): NodeJS.ProcessEnv {
  const directory = t.testdir()
  const fifo = makeFifo(directory, 'microphone')
  const configuration = join(directory, 'asound.conf')
  writeFileSync(
    configuration,
    `pcm.!default { type file  slave.pcm "nul"  file "/dev/null"  infile "${fifo}"  format "raw" }
     pcm.nul { type null }\n`,
  )
  const feeder = spawn(process.execPath, [FEEDER, fifo], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: plainEnvironment(),
  })
  const exited = once(feeder, 'exit')
  t.teardown(async () => {
    feeder.kill('SIGKILL')
    await exited
  })
  return { ...plainEnvironment(), ALSA_CONFIG_PATH: `/usr/share/alsa/alsa.conf:${configuration}` }
}
