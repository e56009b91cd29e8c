import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import type { Test } from 'tap'
import { ToneMeter } from '../hls/tone-meter.ts'
import type { Inabilities } from './engines.ts'
import { openPage } from './player.ts'
import type { WebBrowser } from './web-page.ts'

/** What a player has made of a playlist. */
export interface Heard {
  /** Duration of the sound, in seconds. */
  readonly seconds: number
  /** Positions where it is not the tone, in seconds. */
  readonly faults: readonly number[]
  /** Its errors and warnings, in one line each, but for stalls. */
  readonly messages: readonly string[]
  /** Number of times that it had to wait, also because the machine was busy. */
  readonly stalls: number
  /** Number of pieces of sound that it had, with gaps between them. */
  readonly pieces: number
}

const RATE = 48_000
const LIBRARY = readFileSync(fileURLToPath(import.meta.resolve('hls.js')))
const PAGE = '<!doctype html><title>HLS</title><audio crossorigin="anonymous"></audio><button>Listen</button>'
/** Time within which a page has heard enough, in seconds beyond its sound. */
const BEGINS_WITHIN_S = 40

/** Engines that do not play HLS by themselves: `canPlayType` returns nothing. */
export const NO_NATIVE_HLS: Inabilities = {
  firefox: 'it plays HLS by hls.js alone',
  webkit: 'it plays HLS by hls.js alone, unless WEBKIT_GST_ENABLE_HLS_SUPPORT is set',
}

/** An AudioWorklet loses sound on a busy machine, which a deprecated node with a large buffer does not. */
const EXPECTED_IN_BROWSER = /ScriptProcessorNode is deprecated|^asks /

/** Starts a server of a page in which `listenInBrowser` plays. It is ended with the test. @returns its URL */
export async function startListeningPage(t: Test): Promise<string> {
  const files = new Map<string | undefined, [string, string | Buffer]>([
    ['/', ['text/html', PAGE]],
    ['/hls.mjs', ['text/javascript', LIBRARY]],
  ])
  const server = createServer(({ url }, response) => {
    const [type, content] = files.get(url) ?? ['text/plain', '']
    response.setHeader('Content-Type', type)
    response.end(content)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Plays a playlist in a page of its own, by hls.js or by what the browser has itself. */
export async function listenInBrowser(
  t: Test,
  browser: WebBrowser,
  url: string,
  playlist: string,
  wanted: { readonly seconds: number; readonly hz: number; readonly by: 'hls.js' | 'browser' },
): Promise<Heard> {
  const { page, faults } = await openPage(t, browser, url)
  await page.evaluate(`(() => {
    const listen = ${LISTEN}
    document.querySelector('button').onclick = async () => {
      window.heard = await listen(${JSON.stringify({ playlist, rate: RATE, ...wanted })})
      document.body.append(document.createElement('output'))
    }
  })()`)
  await page.click('button')
  await page.locator('output').waitFor({ state: 'attached', timeout: (wanted.seconds + BEGINS_WITHIN_S) * 1000 })
  const heard = await page.evaluate<Heard>('heard')
  await page.close()
  return { ...heard, messages: [...heard.messages, ...faults.filter((fault) => !EXPECTED_IN_BROWSER.test(fault))] }
}

/** Runs in the page; text, because this project does not have the types of a page. */
const LISTEN = `async ({ playlist, seconds, hz, by, rate }) => {
  const ToneMeter = ${ToneMeter.toString()}
  const player = document.querySelector('audio')
  const messages = []
  let stalls = 0
  player.addEventListener('error', () => messages.push(player.error.message))
  const context = new AudioContext({ sampleRate: rate })
  const [meter, node] = [new ToneMeter(rate, hz), context.createScriptProcessor(16384, 1, 1)]
  node.onaudioprocess = ({ inputBuffer }) => meter.push(inputBuffer.getChannelData(0))
  context.createMediaElementSource(player).connect(node).connect(context.destination)
  if (by === 'hls.js') {
    const { default: Hls } = await import('/hls.mjs')
    const hls = new Hls({ enableWorker: false })
    hls.on(Hls.Events.ERROR, (_, { details, error }) => {
      if (/^buffer(Stalled|NudgeOn)/.test(details)) stalls++
      else messages.push(details + ': ' + error?.message)
    })
    hls.loadSource(playlist)
    hls.attachMedia(player)
  } else player.src = playlist
  await player.play()
  await new Promise((resolve) => {
    player.addEventListener('timeupdate', () => {
      if (player.currentTime > (player.from ??= player.currentTime) + seconds) resolve()
    })
    player.addEventListener('error', resolve)
  })
  const pieces = player.buffered.length
  return { seconds: meter.samples / rate, faults: meter.faults, messages, stalls, pieces }
}`

/** Plays a playlist with ffmpeg. */
export async function listenWithFfmpeg(playlist: string, seconds: number, hz: number): Promise<Heard> {
  // Time stamps are renumbered: those of MP3 jump by a frame where ffmpeg has read a timestamp ahead of the frames before it.
  const samples = ['-af', 'asetpts=N/SR/TB', '-ac', '1', '-ar', `${RATE}`, '-f', 'f32le', '-']
  const words = ['-v', 'warning', '-nostdin', '-i', playlist, '-t', `${seconds}`, ...samples]
  const ffmpeg = spawn('ffmpeg', words, { stdio: ['ignore', 'pipe', 'pipe'] })
  const meter = new ToneMeter(RATE, hz)
  let rest = Buffer.alloc(0)
  ffmpeg.stdout.on('data', (chunk: Buffer) => {
    const bytes = Buffer.concat([rest, chunk])
    const whole = bytes.length - (bytes.length % 4)
    rest = bytes.subarray(whole)
    meter.push(Float32Array.from({ length: whole / 4 }, (_, i) => bytes.readFloatLE(i * 4)))
  })
  const [said] = await Promise.all([text(ffmpeg.stderr), once(ffmpeg, 'close')])
  const messages = said.split('\n').filter((line) => line !== '' && !EXPECTED.test(line))
  return { seconds: meter.samples / RATE, faults: meter.faults, messages, stalls: 0, pieces: 1 }
}

/** ffmpeg reads EXT-X-MAP again with each playlist that it loads, its own playlists too. */
const EXPECTED = /Found duplicated MOOV Atom|Last message repeated/
