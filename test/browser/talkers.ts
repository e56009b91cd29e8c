import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Test } from 'tap'
import { tone, writeMicrophone } from '../../bench/microphone-file.ts'
import { startChromium } from './chromium.ts'

/** Starts a Chromium whose microphone input is a tone of this frequency. It is ended with the test. */
export function startSinger(t: Test, hz: number): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-singer-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'microphone.wav')
  const sine = tone(hz)
  // With pauses, because Chromium removes a continuous tone as noise.
  writeMicrophone(file, 3, (second) => (second % 0.5 < 0.35 ? sine(second) : 0))
  const microphone = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
  return startChromium(t, [...microphone, `--use-file-for-fake-audio-capture=${file}`])
}

/** Script that makes the sound of a page available for analysis. */
const EAR = `
const connect = AudioNode.prototype.connect
AudioNode.prototype.connect = function (...to) {
  if (to[0] instanceof AudioDestinationNode) {
    window.ear = new AnalyserNode(this.context, { fftSize: 4096, smoothingTimeConstant: 0 })
    connect.call(this, window.ear)
  }
  return connect.apply(this, to)
}
const rounds = (look) => new Promise((resolve) => {
  const timer = setInterval(() => {
    const found = window.ear && look(window.ear)
    if (!found) return
    clearInterval(timer)
    resolve(found)
  }, 50)
})
const loudest = (ear) => {
  const levels = new Float32Array(ear.frequencyBinCount)
  ear.getFloatFrequencyData(levels)
  const best = levels.reduce((best, level, at) => level > levels[best] ? at : best, 0)
  return levels[best] < -60 ? undefined : best * ear.context.sampleRate / ear.fftSize
}
window.heardTone = () => rounds(loudest)
const peak = (ear) => {
  const samples = new Float32Array(ear.fftSize)
  ear.getFloatTimeDomainData(samples)
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
}
// Longer than the tone pauses.
window.heardNothing = () => {
  let since = performance.now()
  return rounds((ear) => {
    if (peak(ear) > 0.001) since = performance.now()
    return performance.now() - since > 600
  })
}`

/** The talk page of one talker, and complaints of the browser about it. */
export interface Talker {
  readonly page: Page
  readonly faults: readonly string[]
}

/** Opens a talk page. It is closed with the test. @param script run before the page's own */
export async function openTalk(
  t: Test,
  browser: Browser,
  url: string,
  script = '',
  options: BrowserContextOptions = {},
): Promise<Talker> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options })
  t.teardown(() => context.close())
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
  })
  page.on('request', (request) => {
    if (new URL(request.url()).host !== new URL(url).host) faults.push(`asks ${request.url()}`)
  })
  await page.addInitScript(`${EAR}\n${script}`)
  await page.goto(url)
  return { page, faults }
}

/** Opens a talk page and presses start. @returns the page once it is waiting or connected */
export async function startTalking(
  t: Test,
  browser: Browser,
  url: string,
  script = '',
  options: BrowserContextOptions = {},
): Promise<Talker> {
  const talker = await openTalk(t, browser, url, script, options)
  await talker.page.click('#start')
  await talker.page.waitForSelector('main:is([data-situation=waiting], [data-situation=connected])')
  return talker
}

/** Two talkers that are connected with each other, once both pages show it. */
export async function startPair(
  t: Test,
  browsers: readonly [Browser, Browser],
  url: string,
  scripts: readonly [string, string] = ['', ''],
): Promise<[Talker, Talker]> {
  const one = await startTalking(t, browsers[0], url, scripts[0])
  const other = await startTalking(t, browsers[1], url, scripts[1])
  await Promise.all([one, other].map(({ page }) => becomes(page, 'connected')))
  return [one, other]
}

/** Resolves when the page shows this situation. */
export async function becomes(page: Page, situation: string): Promise<void> {
  await page.waitForSelector(`main[data-situation=${situation}]`)
}

/** Resolves with the frequency of the loudest tone that the page plays, in Hz, as soon as there is any. */
export function toneIn(page: Page): Promise<number> {
  return page.evaluate<number>('heardTone()')
}

/** Resolves when the page plays a tone of about this frequency. */
export async function hears(page: Page, hz: number): Promise<void> {
  while (Math.abs((await toneIn(page)) - hz) > 25);
}

/** Resolves when the page has been silent for longer than any tone pauses. */
export async function hearsNothing(page: Page): Promise<void> {
  await page.evaluate('heardNothing()')
}
