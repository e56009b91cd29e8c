import type { WavHeader } from './riff.ts'

/** @returns whole blocks with their samples encoded as in WAV. The given bytes do not change. */
export function asWavSamples(bytes: Buffer, { swappedBytes = 1, hasSign = false }: WavHeader): Buffer {
  if (swappedBytes === 1 && !hasSign) return bytes
  const samples = Buffer.from(bytes)
  if (hasSign) for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] ?? 0) ^ 0x80
  else for (let i = 0; i < samples.length; i += swappedBytes) samples.subarray(i, i + swappedBytes).reverse()
  return samples
}
