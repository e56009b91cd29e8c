/** Delay of sound from mouth to ear through the talk page, between two Chromiums on one machine. See README.md. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { exitOnSignals, startScript } from './child.ts'
import { tone, writeMicrophone } from './microphone-file.ts'
import { median, quantile } from './statistics.ts'
import { EAR, MOUTH } from './talk-marks.ts'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } })
const SECONDS = Number(values.seconds)
/** Time in which the echo canceller and the jitter buffer adapt. */
const SETTLE_MS = 5_000

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--autoplay-policy=no-user-gesture-required',
  '--mute-audio',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
]

const folder = mkdtempSync(join(tmpdir(), 'streamserve-talk-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
exitOnSignals()

/** Opens the page of a participant with this microphone input. */
async function open(microphone: string, marks: string, withOpus: boolean): Promise<{ browser: Browser; page: Page }> {
  const args = [...ARGUMENTS, `--use-file-for-fake-audio-capture=${microphone}`]
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args })
  const context = await browser.newContext({ bypassCSP: true })
  const page = await context.newPage()
  await page.addInitScript(marks)
  if (!withOpus) await page.addInitScript('delete window.AudioEncoder')
  return { browser, page }
}

/** @returns the delay of each pulse, in milliseconds */
async function measure(withOpus: boolean): Promise<number[]> {
  const server = startScript('../program/main.js', ['-address', '127.0.0.1:0', '-demo', '-talk'])
  const [, port] = await server.line(/listening.*:(\d+)/)
  const [speaker, hearer] = await Promise.all([open(PULSES, MOUTH, withOpus), open(SILENCE, EAR, withOpus)])
  for (const { page } of [speaker, hearer]) {
    await page.goto(`http://127.0.0.1:${port}/talk`)
    await page.click('#start')
  }
  await hearer.page.waitForSelector('[data-situation=connected]')
  await sleep(SETTLE_MS)
  const ask = async () => ({
    mouth: await speaker.page.evaluate<number[]>('mouth()'),
    ear: await hearer.page.evaluate<number[]>('ear()'),
  })
  await ask()
  await sleep(SECONDS * 1000)
  const { mouth, ear } = await ask()
  await Promise.all([speaker.browser.close(), hearer.browser.close()])
  await server.stop()
  // Delays are far shorter than the time between two pulses.
  return ear.flatMap((heard) => heard - (mouth.findLast((said) => said <= heard) ?? Number.NaN)).filter(Number.isFinite)
}

const PULSES = join(folder, 'pulses.wav')
const SILENCE = join(folder, 'silence.wav')
const sine = tone(1_000)
writeMicrophone(PULSES, 10, (second) => (second % 1 < 0.05 ? sine(second) : 0))
writeMicrophone(SILENCE, 10, () => 0)

console.log('codec  pulses  least ms  median ms  p95 ms  max ms')
for (const codec of ['Opus', 'PCM']) {
  const delays = await measure(codec === 'Opus')
  const all = [Math.min(...delays), median(delays), quantile(delays, 0.95), Math.max(...delays)]
  const figures = all.map((ms) => ms.toFixed(0).padStart(8))
  console.log([codec.padEnd(5), String(delays.length).padStart(6), ...figures].join('  '))
}
