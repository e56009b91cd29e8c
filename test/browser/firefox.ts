import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { BidiConnection, type RemoteValue, valueOf } from './bidi.ts'
import { type Remote, RemotePage } from './remote-page.ts'
import { end, type SoundServer, says, startSoundServer } from './speaker.ts'
import type { PageOptions, StartOptions, WebBrowser } from './web-page.ts'

export const FIREFOX = 'firefox-esr'

/** Preferences: nothing is asked for, nothing is sent to elsewhere, and a page may play when it is clicked, as for users. */
const PREFERENCES = {
  'app.update.disabledForTesting': true,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'media.navigator.permission.disabled': true,
  'media.navigator.streams.fake': true,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'toolkit.telemetry.server': '',
}

/** Firefox by WebDriver BiDi. Some options of a page are of the whole program, which is started once for each combination. */
export async function startFirefox(t: Test, { microphoneHz = 1_000 }: StartOptions = {}): Promise<WebBrowser> {
  const sound = await startSoundServer(t)
  const programs = new Map<string, Promise<BidiConnection>>()
  const programOf = ({ colorScheme = 'light', javaScriptEnabled = true }: PageOptions) => {
    const preferences = {
      'javascript.enabled': javaScriptEnabled,
      'layout.css.prefers-color-scheme.content-override': colorScheme === 'dark' ? 0 : 1,
      'media.navigator.audio.fake_frequency': microphoneHz,
    }
    const key = JSON.stringify(preferences)
    const program = programs.get(key) ?? startProgram(t, sound, { ...PREFERENCES, ...preferences })
    programs.set(key, program)
    return program
  }
  return {
    engine: 'firefox',
    async open(test, url, options, report) {
      const bidi = await programOf(options)
      const page = new RemotePage(await openTab(test, bidi, sound, options, report, new URL(url).host))
      await page.goto(url)
      return page
    },
  }
}

async function startProgram(
  t: Test,
  sound: SoundServer,
  preferences: Readonly<Record<string, boolean | number | string>>,
): Promise<BidiConnection> {
  const profile = mkdtempSync(join(tmpdir(), 'streamserve-firefox-'))
  writeFileSync(
    join(profile, 'user.js'),
    Object.entries(preferences)
      .map(([name, value]) => `user_pref('${name}', ${JSON.stringify(value)});\n`)
      .join(''),
  )
  const words = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', 'about:blank']
  const env = { ...process.env, ...sound.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' }
  const child = spawn(FIREFOX, words, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  t.teardown(async () => {
    await end(child)
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  })
  const [, address = ''] = await says(child, /WebDriver BiDi listening on (ws:\S+)/)
  const bidi = await BidiConnection.open(`${address}/session`)
  await bidi.send('session.new', { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } })
  await bidi.send('session.subscribe', { events: ['log.entryAdded', 'network.beforeRequestSent'] })
  return bidi
}

async function openTab(
  t: Test,
  bidi: BidiConnection,
  sound: SoundServer,
  { viewport = { width: 1280, height: 720 }, script }: PageOptions,
  report: (fault: string) => void,
  host: string,
): Promise<Remote> {
  const { userContext } = await bidi.send<{ userContext: string }>('browser.createUserContext', {})
  const { context } = await bidi.send<{ context: string }>('browsingContext.create', { type: 'tab', userContext })
  const stop = bidi.listen(context, {
    'log.entryAdded'({ level, text }) {
      if (level === 'error' || level === 'warn') report(String(text))
    },
    'network.beforeRequestSent'({ request }) {
      const { url } = request as { url: string }
      if (/^https?:/.test(url) && new URL(url).host !== host) report(`asks ${url}`)
    },
  })
  const close = async () => {
    stop()
    await bidi.send('browser.removeUserContext', { userContext })
  }
  t.teardown(() => close().catch(() => {}))
  const remote: Remote = {
    ...inContext(bidi, context),
    speaker: sound,
    async goto(url) {
      await bidi.send('browsingContext.navigate', { context, url, wait: 'complete' })
    },
    async resize({ width, height }) {
      await bidi.send('browsingContext.setViewport', { context, viewport: { width, height } })
    },
    async screenshot() {
      const { data } = await bidi.send<{ data: string }>('browsingContext.captureScreenshot', { context })
      return Buffer.from(data, 'base64')
    },
    close,
  }
  await remote.resize(viewport)
  const before = `document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    console.error('policy', violatedDirective, blockedURI))\n${script ?? ''}`
  await bidi.send('script.addPreloadScript', { functionDeclaration: `() => {${before}}`, contexts: [context] })
  return remote
}

/** What can be done in a tab, and in its frames. */
function inContext(bidi: BidiConnection, context: string): Pick<Remote, 'evaluate' | 'act' | 'frame'> {
  const evaluate = async (expression: string) => {
    const target = { context }
    const parameters = { expression, target, awaitPromise: true, resultOwnership: 'none' }
    const { result, exceptionDetails } = await bidi.send<{
      result?: RemoteValue
      exceptionDetails?: { text: string }
    }>('script.evaluate', parameters)
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text)
    return result && valueOf(result)
  }
  return {
    evaluate,
    async act(source) {
      await bidi.send('input.performActions', { context, actions: [source] })
    },
    async frame(selector) {
      const frame = await evaluate(`document.querySelector(${JSON.stringify(selector)}).contentWindow`)
      return inContext(bidi, (frame as { context: string }).context)
    },
  }
}
