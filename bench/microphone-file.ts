import { writeFileSync } from 'node:fs'

/** Sample rate of the simulated microphone, in Hz. */
const RATE = 48_000
const HEADER_BYTES = 44

/**
 * Writes the sound that Chromium's fake microphone repeats: a WAV file, mono, 16 bit.
 * @param sampleAt the sample, from -1 to 1, at a time in seconds
 */
export function writeMicrophone(file: string, seconds: number, sampleAt: (second: number) => number): void {
  const samples = seconds * RATE
  const bytes = Buffer.alloc(HEADER_BYTES + 2 * samples)
  bytes.write('RIFF')
  bytes.writeUInt32LE(bytes.length - 8, 4)
  bytes.write('WAVEfmt ', 8)
  bytes.writeUInt32LE(16, 16)
  // WAVE_FORMAT_PCM, one channel.
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(RATE, 24)
  bytes.writeUInt32LE(2 * RATE, 28)
  bytes.writeUInt16LE(2, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36)
  bytes.writeUInt32LE(2 * samples, 40)
  for (let i = 0; i < samples; i++) bytes.writeInt16LE(Math.round(0x7fff * sampleAt(i / RATE)), HEADER_BYTES + 2 * i)
  writeFileSync(file, bytes)
}

/** A sine of this frequency, at half of full scale. */
export function tone(hz: number): (second: number) => number {
  return (second) => 0.5 * Math.sin(2 * Math.PI * hz * second)
}
