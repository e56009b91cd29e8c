/** Time until a listener in Chromium hears the first sound, by format. See README.md. */
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { type Child, exitOnSignals, startScript } from './child.ts'
import { median } from './statistics.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' } } })

const CHROMIUM = '/usr/bin/chromium'
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required', '--mute-audio']

const NOISE = 'ffmpeg -v error -nostdin -re -f lavfi -i anoisesrc=r=44100:a=0.2 -ac 2'
/** Encoder commands, run in real time, by format. */
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  'samples as WAV': ['-demo'],
  WAV: ['-exec', `${NOISE} -f wav -`],
  MP3: ['-exec', `${NOISE} -b:a 128k -f mp3 -`],
  'AAC in ADTS': ['-exec', `${NOISE} -c:a aac -b:a 96k -f adts -`],
  'Opus in Ogg': ['-exec', `${NOISE} -c:a libopus -b:a 96k -page_duration 200000 -f ogg -`],
  'Vorbis in Ogg': ['-exec', `${NOISE} -c:a libvorbis -page_duration 200000 -f ogg -`],
  FLAC: ['-exec', `${NOISE} -c:a flac -f flac -`],
  'FLAC in Ogg': ['-exec', `${NOISE} -c:a flac -page_duration 200000 -f ogg -`],
}

/** Results of the rounds, in milliseconds. */
type Found = Record<'page' | 'bare' | 'burstless', number[]>

/** Presses play on a page of its own. @returns milliseconds until the player's time advances. */
async function firstSound(browser: Browser, address: string): Promise<number> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const player = `<!doctype html><audio src="${address}" preload="none"></audio>`
  await page.route('**/player', (route) => route.fulfill({ contentType: 'text/html', body: player }))
  await page.goto(new URL('/player', address).href)
  const ms = await page.evaluate<number>(`new Promise((resolve, reject) => {
    const player = document.querySelector('audio')
    const pressedAt = performance.now()
    player.addEventListener('error', () => reject(new Error(player.error.message)))
    setInterval(() => player.currentTime > 0 && resolve(performance.now() - pressedAt), 2)
    player.play()
  })`)
  await context.close()
  return ms
}

/** The same on the player page of the server, after it has received the state of its stream. */
async function firstSoundOfPlayer(browser: Browser, address: string): Promise<number> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(address)
  await page.locator('#format:not(:empty)').waitFor()
  const ms = await page.evaluate<number>(`new Promise((resolve) => {
    const player = document.querySelector('audio')
    const pressedAt = performance.now()
    setInterval(() => player.currentTime > 0 && resolve(performance.now() - pressedAt), 2)
    document.querySelector('#play').click()
  })`)
  await context.close()
  return ms
}

async function measure(browser: Browser, flags: readonly string[]): Promise<Found> {
  const server: Child = startScript('../program/main.js', ['-address', '127.0.0.1:0', '-warm', ...flags])
  const [, port] = await server.line(/http:\S*:(\d+)/)
  // A burst contains what has been played, so wait until there is enough.
  await sleep(4000)
  const address = `http://127.0.0.1:${port}/`
  const found: Found = { page: [], bare: [], burstless: [] }
  for (let round = 0; round < Number(values.rounds); round++) {
    found.page.push(await firstSoundOfPlayer(browser, address))
    found.bare.push(await firstSound(browser, address))
    found.burstless.push(await firstSound(browser, `${address}?burst=0`))
  }
  await server.stop()
  return found
}

exitOnSignals()
if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is needed`)
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })
console.log('format            the page: median ms   max ms   a bare player: median ms   without a burst: median ms')
for (const [format, flags] of Object.entries(FORMATS)) {
  const { page, bare, burstless } = await measure(browser, flags)
  const figures = [median(page), Math.max(...page), median(bare), median(burstless)]
  const columns = [19, 9, 26, 29].map((width, at) => figures[at]?.toFixed(0).padStart(width))
  console.log(format.padEnd(16) + columns.join(''))
}
await browser.close()
