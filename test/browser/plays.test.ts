import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import t, { type Test } from 'tap'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { needsChromium, playsTo, startChromium } from './chromium.ts'
import { openPlayer, press, says, steadySpeedOf, toneOf } from './player.ts'

const HZ = 440
/** Resolution of the analyser. */
const BIN_HZ = 6
const TONE = `ffmpeg -v error -nostdin -re -f lavfi -i sine=frequency=${HZ}:sample_rate=44100 -b:a 128k`

/** Presses play on the page of a server, and checks the sound. */
async function listenTo(t: Test, browser: Browser, flags: readonly string[], format: string): Promise<void> {
  const server = await startServer(t, flags)
  const { page, faults } = await openPlayer(t, browser, server.url)
  await press(page)
  await says(page, 'Live')
  await playsTo(page, 1)
  t.match(await page.innerText('#format'), format)
  const tone = await toneOf(page)
  t.ok(Math.abs(tone - HZ) < BIN_HZ, `${tone} Hz are heard`)
  t.ok(await steadySpeedOf(page, 3), 'time goes as it should')
  await press(page)
  t.match(await server.logged(/listener left/), /skipped=0 why=left/)
  await says(page, 'Press play')
  t.strictSame(faults, [])
}

t.setTimeout(180_000)
t.test('the player plays in Chromium', { skip: needsChromium }, async (t) => {
  const browser = await startChromium(t)

  t.test('MP3', { skip: needs('ffmpeg') }, (t) =>
    listenTo(t, browser, ['-exec', `${TONE} -f mp3 -`], 'MP3, 128 kbit/s, 44.1 kHz, mono'),
  )

  t.test('AAC in ADTS', { skip: needs('ffmpeg') }, (t) =>
    listenTo(t, browser, ['-exec', `${TONE} -c:a aac -f adts -`], 'AAC'),
  )

  t.test('WAV without end', { skip: needs('ffmpeg') }, (t) =>
    listenTo(t, browser, ['-exec', `${TONE} -f wav -`], 'WAV'),
  )

  t.test("a recorder's bare samples", { skip: needs('sox') }, (t) => {
    const arecord = join(t.testdir(), 'arecord')
    const sox = `sox -q -n -t raw -r 44100 -e signed -b 16 -c 2 - synth 600 sine ${HZ}`
    writeFileSync(arecord, `#!/bin/sh\nexec ${sox}\n`)
    chmodSync(arecord, 0o755)
    const flags = ['-source-bandwidth', '176400', '-exec', `${arecord} -f cd --file-type raw`]
    return listenTo(t, browser, flags, 'PCM, 16 bit, 44.1 kHz, stereo')
  })
})
