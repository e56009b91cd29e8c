import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Test } from 'tap'

/** The player's page in a browser of its own. */
export interface OpenedPlayer {
  readonly page: Page
  /** What the browser says against it so far: errors, violations of its policy, requests to other hosts. */
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

/** Presses play, or stop. */
export function press(page: Page): Promise<void> {
  return page.click('#play')
}

/** Resolved when the page says so of its state. */
export function says(page: Page, text: string | RegExp): Promise<void> {
  return page.locator('#state', { hasText: text }).waitFor()
}

/** How far behind live the page says that it is, and means to be, in milliseconds. */
export async function delayOf(page: Page): Promise<{ behind: number; kept: number }> {
  await page.locator('#delay').waitFor()
  const [behind = 0, kept = 0] = (await page.innerText('#delay p')).match(/\d+/g)?.map(Number) ?? []
  return { behind, kept }
}

/** Resolved when the page says that it is no further behind than it means to be, or nearly. */
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

/** The loudest frequency of what the page's player plays, in Hz, once there is any. */
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
 * Resolved with how fast the player's time has gone, against real time and the rate that it was told to play at, when that was
 * within 1 % for some seconds; a machine that is busy may take several turns.
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

/** A way to a server that can be blocked. */
export interface Road {
  readonly url: string
  /** No byte gets through any more; new connections are taken, and wait. */
  block(): void
  unblock(): void
}

/** Builds a road to a port of the loopback. It is taken down with the test. */
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
