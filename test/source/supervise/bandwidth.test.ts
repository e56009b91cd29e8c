import t, { type Test } from 'tap'
import { listen } from '../../client.ts'
import { startServer } from '../../streamserve.ts'

const BYTES_PER_SECOND = 16_000
const SECONDS = 10

/** Number of bytes received at a time, in seconds. */
interface Sample {
  readonly at: number
  readonly bytes: number
}

/** Records what a listener receives within 10 s, from a source that is limited only by `-source-bandwidth`. */
async function measure(t: Test, frameBytes: number): Promise<Sample[]> {
  const flags = ['-frame-filter', 'raw', '-frame-bytes', `${frameBytes}`, '-source-bandwidth', `${BYTES_PER_SECOND}`]
  const server = await startServer(t, [...flags, '-exec', 'cat', '/dev/zero'])
  const listener = listen(t, server.port)
  await listener.headCame()
  const samples: Sample[] = []
  let bytes = 0
  await new Promise<void>((resolve) => {
    listener.socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      samples.push({ at: performance.now() / 1000, bytes })
      if ((samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0) >= SECONDS) resolve()
    })
  })
  listener.socket.destroy()
  return samples
}

/** Slope of the regression line: it depends little on chunks that arrive late, even at the ends. */
function rateOf(samples: readonly Sample[]): number {
  const meanAt = mean(samples.map(({ at }) => at))
  const meanBytes = mean(samples.map(({ bytes }) => bytes))
  const together = mean(samples.map(({ at, bytes }) => (at - meanAt) * (bytes - meanBytes)))
  return together / mean(samples.map(({ at }) => (at - meanAt) ** 2))
}

t.test('keeps -source-bandwidth within 2 % over 10 s for any frame size', async (t) => {
  const measured = await Promise.all([1, 64, 1_600].map((frameBytes) => measure(t, frameBytes)))
  for (const rate of measured.map(rateOf)) {
    t.ok(Math.abs(rate / BYTES_PER_SECOND - 1) <= 0.02, `${rate.toFixed(0)} bytes/s`)
  }
})

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
