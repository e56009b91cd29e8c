import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { freePort } from '../free-port.ts'
import { type Remote, RemotePage } from './remote-page.ts'
import { end, type SoundServer, startSoundServer } from './speaker.ts'
import type { PageOptions, StartOptions, WebBrowser } from './web-page.ts'

export const WEBKIT = 'WebKitWebDriver'

/** Time limit of a command, and of an image, which may never come, in milliseconds. */
const WITHIN_MS = 60_000
const IMAGE_MS = 5_000
/** Time limit of the start of the driver, in milliseconds. */
const START_MS = 15_000
const SCREEN = '1400x1000x24'
/** Where Debian has WebKitGTK's own browser. */
const LIBRARIES = '/usr/lib'

/** WebKitGTK by W3C WebDriver, in a window of a virtual screen: each page is a browser of its own. */
export async function startWebkit(t: Test, { microphoneHz }: StartOptions = {}): Promise<WebBrowser> {
  const sound = await startSoundServer(t, microphoneHz)
  const display = await startScreen(t)
  return {
    engine: 'webkit',
    async open(test, url, options, report) {
      const env = { ...process.env, ...sound.env, ...DRAWING, DISPLAY: display }
      const driver = await startDriver(test, env, argumentsOf(options, microphoneHz !== undefined))
      const page = new RemotePage(remoteOf(driver, sound, report))
      if (options.viewport !== undefined) await page.setViewportSize(options.viewport)
      await page.goto(url)
      if (options.script !== undefined) await page.evaluate(`(() => {${options.script}})()`)
      return page
    },
  }
}

/** Environment in which WebKit draws by itself. */
const DRAWING = { LIBGL_ALWAYS_SOFTWARE: '1', WEBKIT_DISABLE_DMABUF_RENDERER: '1' }

function argumentsOf({ colorScheme, javaScriptEnabled = true }: PageOptions, hasMicrophone: boolean): string[] {
  return [
    ...(colorScheme === 'dark' ? ['--dark-mode'] : []),
    ...(javaScriptEnabled ? [] : ['--enable-javascript=false']),
    ...(hasMicrophone ? MICROPHONE : []),
  ]
}

/** Starts a virtual screen. @returns its name */
async function startScreen(t: Test): Promise<string> {
  const words = ['-displayfd', '1', '-screen', '0', SCREEN, '-nolisten', 'tcp']
  const screen = spawn('Xvfb', words, { stdio: ['ignore', 'pipe', 'ignore'] })
  t.teardown(() => end(screen))
  const [number] = (await once(screen.stdout.setEncoding('utf8'), 'data')) as [string]
  return `:${number.trim()}`
}

/** A connection by W3C WebDriver, to a session. */
interface Session {
  send<Value>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, withinMs?: number): Promise<Value>
}

async function startDriver(t: Test, env: NodeJS.ProcessEnv, words: readonly string[]): Promise<Session> {
  const port = await freePort()
  const home = mkdtempSync(join(tmpdir(), 'streamserve-webkit-'))
  const folders = { HOME: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home }
  const driver = spawn(WEBKIT, [`--port=${port}`], { env: { ...env, ...folders }, stdio: 'ignore', detached: true })
  const send = async <Value>(method: string, path: string, body?: object, withinMs = WITHIN_MS): Promise<Value> => {
    const signal = AbortSignal.timeout(withinMs)
    const content = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, signal, ...content })
    const { value } = (await response.json()) as { value: Value & { error?: string; message?: string } }
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`)
    return value
  }
  const options = { binary: miniBrowser(), args: ['--automation', ...words] }
  const capabilities = { alwaysMatch: { acceptInsecureCerts: true, 'webkitgtk:browserOptions': options } }
  await isReady(driver, () => send('GET', '/status'))
  const { sessionId } = await send<{ sessionId: string }>('POST', '/session', { capabilities })
  await send('POST', `/session/${sessionId}/timeouts`, { script: WITHIN_MS })
  t.teardown(async () => {
    await send('DELETE', `/session/${sessionId}`).catch(() => {})
    if (driver.pid !== undefined) killGroup(driver.pid)
    await end(driver)
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  })
  return {
    send: (method, path, body, withinMs) => send(method, `/session/${sessionId}${path}`, body, withinMs),
  }
}

/** A browser that hangs does not end with its driver. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // All have ended.
  }
}

async function isReady(driver: ChildProcess, ask: () => Promise<unknown>): Promise<void> {
  for (const since = performance.now(); ; await sleep(50)) {
    const answer = await ask().catch(() => undefined)
    if (answer !== undefined) return
    if (driver.exitCode !== null || performance.now() - since > START_MS) throw new Error(`${WEBKIT} does not answer`)
  }
}

function miniBrowser(): string {
  const folders = readdirSync(LIBRARIES).flatMap((triplet) =>
    ['4.1', '4.0'].map((version) => join(LIBRARIES, triplet, `webkit2gtk-${version}/MiniBrowser`)),
  )
  return folders.find((file) => existsSync(file)) ?? 'MiniBrowser'
}

function remoteOf(session: Session, sound: SoundServer, report: (fault: string) => void): Remote {
  const size = () => session.send<number[]>('POST', '/execute/sync', { script: SIZES, args: [] })
  const image = () => session.send<string>('GET', '/screenshot', undefined, IMAGE_MS)
  return {
    speaker: sound,
    async evaluate(expression) {
      const script = `${COLLECT_FAULTS}
        const done = arguments[arguments.length - 1]
        const answer = (it) => done({ ...it, faults: window.faultsOfTest.splice(0) })
        ;(async () => (${expression.replace(/;\s*$/, '')}\n))().then((value) => answer({ value }), (error) => answer({ error: String(error) }))`
      const answer = await session.send<{ value?: unknown; error?: string; faults: string[] }>(
        'POST',
        '/execute/async',
        { script, args: [] },
      )
      for (const fault of answer.faults) report(fault)
      if (answer.error !== undefined) throw new Error(answer.error)
      return answer.value
    },
    async act(source) {
      await session.send('POST', '/actions', { actions: [source] })
    },
    async goto(url) {
      await session.send('POST', '/url', { url })
    },
    async resize({ width, height }) {
      const [outerWidth = 0, outerHeight = 0, innerWidth = 0, innerHeight = 0] = await size()
      const rect = { width: width + outerWidth - innerWidth, height: height + outerHeight - innerHeight }
      await session.send('POST', '/window/rect', rect)
    },
    async frame(value) {
      const element = await session.send('POST', '/element', { using: 'css selector', value })
      await session.send('POST', '/frame', { id: element })
      return this
    },
    async screenshot() {
      // The first one after a change of the size may never come.
      return Buffer.from(await image().catch(image), 'base64')
    },
    async close() {
      await session.send('DELETE', '/window')
    },
  }
}

const MICROPHONE = ['--enable-media-stream=true', '--enable-mock-capture-devices=false']

const SIZES = 'return [outerWidth, outerHeight, innerWidth, innerHeight]'

/** WebDriver does not report the console, so a page collects its faults from the first script of a test on. */
const COLLECT_FAULTS = `
if (window.faultsOfTest === undefined) {
  const faults = window.faultsOfTest = []
  addEventListener('error', ({ message }) => message && faults.push(message))
  addEventListener('unhandledrejection', ({ reason }) => faults.push(String(reason)))
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    faults.push('policy ' + violatedDirective + ' ' + blockedURI))
  for (const level of ['error', 'warn']) {
    const write = console[level]
    console[level] = (...words) => {
      faults.push(words.join(' '))
      write.apply(console, words)
    }
  }
  const ask = ({ name }) => {
    if (/^(https?|wss?):/.test(name) && new URL(name).host !== location.host) faults.push('asks ' + name)
  }
  performance.getEntriesByType('resource').forEach(ask)
  new PerformanceObserver((list) => list.getEntries().forEach(ask)).observe({ type: 'resource' })
}`
