import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Test } from 'tap'

/** The player page in a browser context of its own. */
export interface OpenedPlayer {
  readonly page: Page
  /** Warnings of the browser: errors, policy violations, requests to other hosts. */
  readonly faults: readonly string[]
}

/** Opens the player of a stream. It is closed with the test. */
export async function openPlayer(
  t: Test,
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPlayer> {
  const context = await browser.newContext(options)
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
  await page.addInitScript(`document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    console.error('policy', violatedDirective, blockedURI))`)
  await page.goto(url)
  return { page, faults }
}

/** Presses play or stop. */
export function press(page: Page): Promise<void> {
  return page.click('#play')
}

/** Resolves when the state of the page has this text. */
export function says(page: Page, text: string | RegExp): Promise<void> {
  return page.locator('#state', { hasText: text }).waitFor()
}

/** Delay behind live that the page shows, and its target delay, in milliseconds. */
export async function delayOf(page: Page): Promise<{ behind: number; kept: number }> {
  await page.locator('#delay').waitFor()
  const [behind = 0, kept = 0] = (await page.innerText('#delay p')).match(/\d+/g)?.map(Number) ?? []
  return { behind, kept }
}

/** Resolves when the page shows a delay of at most about its target. */
export async function isUpToDate(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const delay = document.querySelector('#delay')
    const look = () => {
      const [behind, kept] = delay.innerText.match(/\\d+/g)?.map(Number) ?? []
      if (behind <= kept + 450) resolve()
    }
    new MutationObserver(look).observe(delay, { attributes: true, childList: true, characterData: true, subtree: true })
    look()
  })`)
}

/** Frequency of the loudest tone that the player plays, in Hz, once there is any. */
export function toneOf(page: Page): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const context = new AudioContext()
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 })
    context.createMediaStreamSource(document.querySelector('audio').captureStream()).connect(analyser)
    const levels = new Float32Array(analyser.frequencyBinCount)
    const looking = setInterval(() => {
      analyser.getFloatFrequencyData(levels)
      const loudest = levels.reduce((best, level, at) => level > levels[best] ? at : best, 0)
      if (levels[loudest] < -40) return
      clearInterval(looking)
      resolve(loudest * context.sampleRate / analyser.fftSize)
    }, 100)
  })`)
}

/**
 * Resolves with the speed of the player's time relative to real time and to its playback rate, once it has been within 1 % for
 * `seconds`; a busy machine may need several attempts.
 */
export function steadySpeedOf(page: Page, seconds: number): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const player = document.querySelector('audio')
    let begun
    const look = () => {
      const now = { at: performance.now() / 1000, played: player.currentTime, rate: player.playbackRate }
      if (begun?.rate !== now.rate) begun = now
      if (now.at - begun.at < ${seconds}) return
      const speed = (now.played - begun.played) / (now.at - begun.at) / now.rate
      begun = now
      if (Math.abs(speed - 1) < 0.01) resolve(speed)
    }
    player.addEventListener('timeupdate', look)
  })`)
}

/** A connection to a server that can be blocked. */
export interface Road {
  readonly url: string
  /** Blocks all bytes; new connections are accepted, and wait. */
  block(): void
  unblock(): void
}

/** Creates such a connection to a loopback port. It is closed with the test. */
export async function buildRoad(t: Test, port: number): Promise<Road> {
  const sockets = new Set<Socket>()
  let isBlocked = false
  const add = (socket: Socket) => {
    sockets.add(socket)
    if (isBlocked) socket.pause()
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    return socket
  }
  const server = createServer((near) => {
    const far = add(connect({ port, host: '127.0.0.1' }))
    add(near).pipe(far).pipe(near)
    if (isBlocked) for (const socket of [near, far]) socket.pause()
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const all = (what: 'pause' | 'resume') => {
    isBlocked = what === 'pause'
    for (const socket of sockets) socket[what]()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    block: () => all('pause'),
    unblock: () => all('resume'),
  }
}
