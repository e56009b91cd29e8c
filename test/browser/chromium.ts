import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'

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

/** Starts a headless Chromium with a profile of its own, and further arguments. It is ended with the test. */
export async function startChromium(t: Test, more: readonly string[] = []): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: PROGRAM, headless: true, args: [...ARGUMENTS, ...more] })
  t.teardown(() => browser.close())
  return browser
}

// Scripts that run in the page are text, because this project does not have the types of a page.

/** Playback position of a page, in seconds. */
export function timeOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.querySelector("audio").currentTime')
}

/** Resolves when the player of a page has reached this position in seconds; rejects when it cannot. */
export async function playsTo(page: Page, seconds: number): Promise<void> {
  await untilPlayer(page, `!player.paused && player.currentTime >= ${seconds}`)
}

async function untilPlayer(page: Page, holds: string): Promise<void> {
  await page.evaluate(`new Promise((resolve, reject) => {
    const player = document.querySelector('audio')
    const look = () => {
      if (player.error) reject(new Error('media error ' + player.error.code + ': ' + player.error.message))
      else if (${holds}) resolve()
    }
    for (const name of ['timeupdate', 'pause', 'error']) player.addEventListener(name, look)
    look()
  })`)
}
