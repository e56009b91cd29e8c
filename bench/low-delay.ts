/** Delay of a sample from the pipe to the ear with `?low`, in the player of a Chromium on the same machine. See README.md. */
import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { exitOnSignals, startScript } from './child.ts'
import { median, quantile } from './statistics.ts'
import { EAR } from './talk-marks.ts'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } })
const SECONDS = Number(values.seconds)
/**
 * Periods in which sound cards are read, in milliseconds: a very short one, `arecord -F 20000`, and the default of `arecord`.
 */
const PIECES_MS = [10, 20, 125]
/** Time until the jitter buffer has adapted to the arrival of pieces. */
const SETTLE_MS = 10_000

/** Differs from the browser's rate, so that it is converted. */
const RATE = 44_100
const PULSE_HZ = 1_000
const PULSE_MS = 50
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required', '--mute-audio']

const folder = mkdtempSync(join(tmpdir(), 'streamserve-low-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
exitOnSignals()

/**
 * Writes silence with a pulse every second.
 * @returns a function that ends it and returns the time of each pulse, in milliseconds since 1970
 */
function speak(fifo: string, pieceMs: number): () => number[] {
  const fd = openSync(fifo, 'w')
  const frames = Math.round((RATE * pieceMs) / 1000)
  const piecesASecond = Math.round(1000 / pieceMs)
  const said: number[] = []
  const silence = Buffer.alloc(2 * frames)
  const pulse = changeToken(frames)
  const startedAt = performance.now()
  let pieces = 0
  const timer = setInterval(() => {
    for (; (pieces * frames * 1000) / RATE < performance.now() - startedAt; pieces++) {
      const isPulse = pieces % piecesASecond === 0
      if (isPulse) said.push(performance.timeOrigin + performance.now())
      writeSync(fd, isPulse ? pulse : silence)
    }
  }, 1)
  return () => {
    clearInterval(timer)
    closeSync(fd)
    return said
  }
}

/** Returns a piece that is loud from its first sample on. */
function changeToken(frames: number): Buffer {
  const bytes = Buffer.alloc(2 * frames)
  const length = Math.min(frames, (RATE * PULSE_MS) / 1000)
  for (let i = 0; i < length; i++)
    bytes.writeInt16LE(Math.round(16_000 * Math.cos((2 * Math.PI * PULSE_HZ * i) / RATE)), 2 * i)
  return bytes
}

/** @returns the delay of each pulse, in milliseconds */
async function measure(pieceMs: number): Promise<number[]> {
  const fifo = join(folder, `pipe-${pieceMs}`)
  execFileSync('mkfifo', [fifo])
  const flags = ['-address', '127.0.0.1:0', '-warm', '-pcm', `s16le:${RATE}:1`, '-path', fifo]
  const server = startScript('../program/main.js', flags)
  const [, port] = await server.line(/listening.*:(\d+)/)
  const end = speak(fifo, pieceMs)
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGUMENTS })
  const context = await browser.newContext({ bypassCSP: true })
  const page = await context.newPage()
  await page.addInitScript(EAR)
  await page.goto(`http://127.0.0.1:${port}/`)
  await page.locator('#low').check()
  await page.click('#play')
  await sleep(SETTLE_MS)
  const from = performance.timeOrigin + performance.now()
  await sleep(SECONDS * 1000)
  const heard = await page.evaluate<number[]>('ear()')
  const said = end()
  await browser.close()
  await server.stop()
  // Delays are far shorter than the time between two pulses.
  const delays = heard
    .filter((at) => at > from + 1000)
    .map((at) => at - (said.findLast((one) => one <= at) ?? Number.NaN))
  return delays.filter(Number.isFinite)
}

console.log('pieces ms   pulses   median ms   p95 ms   max ms')
for (const pieceMs of PIECES_MS) {
  const delays = await measure(pieceMs)
  const figures = [median(delays), quantile(delays, 0.95), Math.max(...delays)].map((ms) => ms.toFixed(0).padStart(6))
  console.log(`${String(pieceMs).padStart(9)}   ${String(delays.length).padStart(6)}   ${figures.join('      ')}`)
}
