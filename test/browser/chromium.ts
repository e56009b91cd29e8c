import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'
import { tone, writeMicrophone } from '../../bench/microphone-file.ts'
import type { StartOptions, WebBrowser } from './web-page.ts'

const PROGRAM = '/usr/bin/chromium'

/** For tap's `skip` option: false when Chromium is installed, else the reason to skip. */
export const needsChromium: false | string = !existsSync(PROGRAM) && 'needs chromium'

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
  '--mute-audio',
]

/** A headless Chromium, by Playwright. */
export type Chromium = WebBrowser<Page>

/** Starts a headless Chromium with a profile of its own. It is ended with the test. */
export async function startChromium(t: Test, { microphoneHz }: StartOptions = {}): Promise<Chromium> {
  const microphone = microphoneHz === undefined ? [] : microphoneOf(t, microphoneHz)
  const args = [...ARGUMENTS, ...microphone]
  const playwright = await chromium.launch({ executablePath: PROGRAM, headless: true, args })
  t.teardown(() => playwright.close())
  return {
    engine: 'chromium',
    async open(test, url, { script, ...options }, report) {
      const context = await playwright.newContext({ ignoreHTTPSErrors: true, ...options })
      test.teardown(() => context.close())
      const page = await context.newPage()
      page.on('pageerror', (error) => report(String(error)))
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') report(message.text())
      })
      page.on('request', (request) => {
        if (new URL(request.url()).host !== new URL(url).host) report(`asks ${request.url()}`)
      })
      await page.addInitScript(`document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
        console.error('policy', violatedDirective, blockedURI))`)
      if (script !== undefined) await page.addInitScript(script)
      await page.goto(url)
      return page
    },
  }
}

/** Arguments for a microphone that hears a tone. */
function microphoneOf(t: Test, hz: number): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-singer-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'microphone.wav')
  const sine = tone(hz)
  // With pauses, because Chromium removes a continuous tone as noise.
  writeMicrophone(file, 3, (second) => (second % 0.5 < 0.35 ? sine(second) : 0))
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-audio-capture=${file}`,
  ]
}
