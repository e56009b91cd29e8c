/**
 * Makes the pictures of the documentation, in a folder of the test. With PICTURES=FOLDER they are kept there: `npm run screenshots`
 * renews those of `docs/pictures`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Chromium, needsChromium, startChromium } from '../browser/chromium.ts'
import { openPage, playsTo, press } from '../browser/player.ts'
import { listen } from '../client.ts'
import { needs, runProgram } from '../programs.ts'
import { type Server, startServer } from '../streamserve.ts'
import { PROJECT, pages } from './pages.ts'

/** Maximum size of a picture, in bytes, so that pages and packages stay small. */
const MAX_BYTES = 150_000
const PHONE = { width: 390, height: 760 }
const DESKTOP = { width: 1100, height: 760 }

/** Pictures by name: the page, the size of the window, and whether the player plays. */
const PICTURES = {
  'player-phone': { path: '/player/radio.mp3', viewport: PHONE, plays: true },
  'player-desktop': { path: '/player/radio.mp3', viewport: DESKTOP, plays: true },
  'index-desktop': { path: '/', viewport: DESKTOP, plays: false },
  'status-desktop': { path: '/status', viewport: DESKTOP, plays: false },
  'status-phone': { path: '/status', viewport: PHONE, plays: false },
} as const

/** Starts a station with titles, listeners, and a past. */
async function startStation(t: Test): Promise<Server> {
  const folder = t.testdir({ music: {} })
  const tags = ['-metadata', 'artist=The Night Shift', '-metadata', 'title=Blue Hour']
  const encoded = ['-f', 'lavfi', '-i', 'sine=frequency=220:duration=20', '-ac', '2', '-b:a', '128k', ...tags]
  runProgram('ffmpeg', ['-v', 'error', ...encoded, join(folder, 'music/one.mp3')])
  const file = join(folder, 'radio.conf')
  const lines = [
    'name Night Radio',
    'description Jazz after ten, from the harbour',
    'genre Jazz',
    'url https://radio.example/',
    'warm',
    '[/radio.mp3]',
    'play music',
    'name Night Radio, live',
    'rewind 30m',
    '[/studio]',
    'demo',
    'name Studio',
    'description The microphone in the studio',
  ]
  writeFileSync(file, lines.join('\n'))
  const server = await startServer(t, ['-config', file], { under: ['env', '-C', folder] })
  await Promise.all(['/radio.mp3', '/radio.mp3', '/studio'].map((path) => listen(t, server.port, path).bodyHas(10_000)))
  return server
}

async function take(t: Test, browser: Chromium, server: Server, name: keyof typeof PICTURES): Promise<Buffer> {
  const { path, viewport, plays } = PICTURES[name]
  const { page } = await openPage(t, browser, server.url + path, { viewport, colorScheme: 'light' })
  if (plays) {
    await press(page)
    await playsTo(page, 1)
    await page.locator('#title', { hasText: 'Blue Hour' }).waitFor()
  } else await page.getByText('Studio').first().waitFor()
  return page.screenshot({ animations: 'disabled' })
}

t.setTimeout(120_000)

t.test('the pictures of the documentation can be made', { skip: needsChromium || needs('ffmpeg') }, async (t) => {
  const [browser, server] = [await startChromium(t), await startStation(t)]
  const kept = process.env['PICTURES']
  if (kept !== undefined) mkdirSync(kept, { recursive: true })
  for (const name of Object.keys(PICTURES) as (keyof typeof PICTURES)[]) {
    const picture = await take(t, browser, server, name)
    t.ok(picture.length < MAX_BYTES, `${name}: ${picture.length} bytes`)
    if (kept !== undefined) writeFileSync(join(kept, `${name}.png`), picture)
  }
})

t.test('pages name pictures that exist, and each picture is named', async (t) => {
  const named = [...pages].flatMap(([page, text]) =>
    Array.from(text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g), ([, path = '']) => join(PROJECT, page, '..', path)),
  )
  for (const path of named) t.ok(existsSync(path) && readFileSync(path).length < MAX_BYTES, path)
  const folder = join(PROJECT, 'docs/pictures')
  t.strictSame(
    readdirSync(folder)
      .map((name) => join(folder, name))
      .toSorted(),
    Object.keys(PICTURES)
      .map((name) => join(folder, `${name}.png`))
      .toSorted(),
  )
  t.strictSame(
    [...new Set(named)].toSorted(),
    readdirSync(folder)
      .map((name) => join(folder, name))
      .toSorted(),
  )
})
