import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'
import type { PageOptions, WebBrowser, WebPage } from './web-page.ts'

/** A page, and what its browser reports. */
export interface OpenedPage<Page extends WebPage> {
  readonly page: Page
  /** Errors, violations of the policy and requests to other hosts. */
  readonly faults: readonly string[]
}

/** Opens a page, such as the player of a stream. It is closed with the test. */
export async function openPage<Page extends WebPage>(
  t: Test,
  browser: WebBrowser<Page>,
  url: string,
  options: PageOptions = {},
): Promise<OpenedPage<Page>> {
  const faults: string[] = []
  const page = await browser.open(t, url, options, (fault) => faults.push(fault))
  return { page, faults }
}

// Scripts that run in the page are text, because this project does not have the types of a page.

/** Playback position of a page, in seconds. */
export function timeOf(page: WebPage): Promise<number> {
  return page.evaluate<number>('document.querySelector("audio").currentTime')
}

/** Resolves when the player of a page has reached this position in seconds; rejects when it cannot. */
export async function playsTo(page: WebPage, seconds: number): Promise<void> {
  await page.evaluate(`new Promise((resolve, reject) => {
    const player = document.querySelector('audio')
    const look = () => {
      if (player.error) reject(new Error('media error ' + player.error.code + ': ' + player.error.message))
      else if (!player.paused && player.currentTime >= ${seconds}) resolve()
    }
    for (const name of ['timeupdate', 'pause', 'error']) player.addEventListener(name, look)
    look()
  })`)
}

/** Presses play or stop. */
export function press(page: WebPage): Promise<void> {
  return page.click('#play')
}

/** Resolves when the state of the page has this text. */
export function says(page: WebPage, text: string | RegExp): Promise<void> {
  return page.locator('#state', { hasText: text }).waitFor()
}

/** Delay behind live that the page shows, and its target delay, in milliseconds. */
export async function delayOf(page: WebPage): Promise<{ behind: number; kept: number }> {
  await page.locator('#delay').waitFor()
  const [behind = 0, kept = 0] = (await exactDelay(page)).match(/\d+/g)?.map(Number) ?? []
  return { behind, kept }
}

/** The exact figures, which the page shows in a fold: `2310 ms, target 2050 ms`. */
export function exactDelay(page: WebPage): Promise<string> {
  return page.evaluate<string>('document.querySelector("#exact").textContent')
}

/** Resolves when the page shows a delay of at most about its target. */
export async function isUpToDate(page: WebPage): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const delay = document.querySelector('#delay')
    const look = () => {
      const [behind, kept] = document.querySelector('#exact').textContent.match(/\\d+/g)?.map(Number) ?? []
      if (behind <= kept + 450) resolve()
    }
    new MutationObserver(look).observe(delay, { attributes: true, childList: true, characterData: true, subtree: true })
    look()
  })`)
}

/** Frequency of the loudest tone that the player plays, in Hz, once there is any. */
export function toneOf(page: WebPage): Promise<number> {
  if (page.speaker !== undefined) return page.speaker.tone()
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
export function steadySpeedOf(page: WebPage, seconds: number): Promise<number> {
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
