import type { Test } from 'tap'
import { type OpenedPage, openPage } from './player.ts'
import type { PageOptions, WebBrowser, WebPage } from './web-page.ts'

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

/** Opens a page whose sound is analysed. It is closed with the test. */
export function openAudible<Page extends WebPage>(
  t: Test,
  browser: WebBrowser<Page>,
  url: string,
  options: PageOptions = {},
): Promise<OpenedPage<Page>> {
  return openPage(t, browser, url, { ...options, script: `${EAR}\n${options.script ?? ''}` })
}

/** Opens a talk page and presses start. @returns the page once it is waiting or connected */
export async function startTalking<Page extends WebPage>(
  t: Test,
  browser: WebBrowser<Page>,
  url: string,
  options: PageOptions = {},
): Promise<OpenedPage<Page>> {
  const talker = await openAudible(t, browser, url, options)
  await talker.page.click('#start')
  await talker.page.waitForSelector('main:is([data-situation=waiting], [data-situation=connected])')
  return talker
}

/** Two talkers that are connected with each other, once both pages show it. */
export async function startPair<Page extends WebPage>(
  t: Test,
  browsers: readonly [WebBrowser<Page>, WebBrowser<Page>],
  url: string,
  scripts: readonly [string, string] = ['', ''],
): Promise<[OpenedPage<Page>, OpenedPage<Page>]> {
  const one = await startTalking(t, browsers[0], url, { script: scripts[0] })
  const other = await startTalking(t, browsers[1], url, { script: scripts[1] })
  await Promise.all([one, other].map(({ page }) => becomes(page, 'connected')))
  return [one, other]
}

/** Resolves when the page shows this situation. */
export async function becomes(page: WebPage, situation: string): Promise<void> {
  await page.waitForSelector(`main[data-situation=${situation}]`)
}

/** Resolves with the frequency of the loudest tone that the page plays, in Hz, as soon as there is any. */
export function toneIn(page: WebPage): Promise<number> {
  return page.evaluate<number>('heardTone()')
}

/** Resolves when the page plays a tone of about this frequency. */
export async function hears(page: WebPage, hz: number): Promise<void> {
  while (Math.abs((await toneIn(page)) - hz) > 25);
}

/** Resolves when the page has been silent for longer than any tone pauses. */
export async function hearsNothing(page: WebPage): Promise<void> {
  await page.evaluate('heardNothing()')
}
