import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { headerOfFrame } from '../../filters/flac/header.ts'
import { listenPlainly } from '../decode/listener.ts'
import { needs, runProgram } from '../programs.ts'
import { type Server, startServer } from '../streamserve.ts'
import { inEngines } from './engines.ts'
import { openPage, playsTo, press, says, steadySpeedOf, timeOf, toneOf } from './player.ts'
import type { WebBrowser, WebPage } from './web-page.ts'

const HZ = 440
const RATE = 44_100
/** Resolution of the analyser. */
const BIN_HZ = 6
/** More than the head and the headers of a FLAC stream have, with a frame behind them. */
const JOIN_BYTES = 30_000
const TONE = `ffmpeg -v error -nostdin -re -f lavfi -i sine=frequency=${HZ}:sample_rate=44100 -b:a 128k`

/** Starts a server, presses play on its page, and checks the sound. */
async function listenTo(t: Test, browser: WebBrowser, flags: readonly string[], format: string): Promise<void> {
  await hear(t, browser, await startServer(t, flags), format, 1)
}

/** Presses play on the page of a server, and checks the sound. @param seconds that the player must play; undefined: it has no time. */
async function hear(t: Test, browser: WebBrowser, server: Server, format: string, seconds?: number): Promise<void> {
  const { page, faults } = await openPage(t, browser, server.url)
  await press(page)
  await says(page, 'Live')
  if (seconds !== undefined) await playsTo(page, seconds)
  t.match(await page.innerText('#format'), format)
  const tone = await toneOf(page)
  t.ok(Math.abs(tone - HZ) < BIN_HZ, `${tone} Hz are heard`)
  if (seconds !== undefined) t.ok(await steadySpeedOf(page, 3), 'time goes as it should')
  else await soundsOn(t, page)
  await press(page)
  t.match(await server.logged(/listener disconnected/), /skipped=0 reason=disconnected/)
  await says(page, 'Press play')
  t.strictSame(faults, [])
}

/** A player whose time may stand sounds on, without another connection, and claims no delay that it does not know. */
async function soundsOn(t: Test, page: WebPage): Promise<void> {
  const source = 'document.querySelector("audio").src'
  const first = await page.evaluate<string>(source)
  for (const since = performance.now(); performance.now() - since < LONG_MS; ) {
    const tone = await toneOf(page)
    if (Math.abs(tone - HZ) >= BIN_HZ) throw new Error(`${tone} Hz are heard`)
  }
  t.equal(await page.evaluate(source), first)
  t.equal(await page.locator('#delay').isVisible(), (await timeOf(page)) > 1)
}

/** Encodes seconds of the tone. @param options of flac. */
function flacTone(seconds: number, ...options: readonly string[]): Buffer {
  const sox = `-q -n -r ${RATE} -c 2 -b 16 -t wav - synth ${seconds} sine ${HZ}`
  return runProgram('flac', ['-s', '-c', ...options, '-'], runProgram('sox', sox.split(' ')))
}

/** Number of the first sample of the first FLAC frame that a listener gets now. */
async function numberAtJoin(t: Test, { port }: Server): Promise<number> {
  const body = await listenPlainly(t, port, JOIN_BYTES).closed
  const frame = [...body.keys()].map((at) => headerOfFrame(body.subarray(at))).find((header) => header !== undefined)
  if (frame === undefined) throw new Error(`no frame in ${body.length} bytes`)
  return frame.number
}

/** Time in which a player is started again when it is taken for silent. */
const LONG_MS = 10_000
/** Not so with GStreamer's newer parser, nor where an encoder numbers frames instead of samples. */
const NO_TIME =
  'GStreamer 1.22 starts anew at 0 with each frame that is numbered by samples, and it sounds all the same'

t.setTimeout(290_000)
inEngines('the player plays', { isCore: true }, async (t, engine) => {
  const browser = await engine.start(t)

  engine.test(t, 'MP3', { isCore: true, skip: needs('ffmpeg') }, (t) =>
    listenTo(t, browser, ['-exec', `${TONE} -f mp3 -`], 'MP3, 128 kbit/s, 44.1 kHz, mono'),
  )

  engine.test(t, 'AAC in ADTS', { skip: needs('ffmpeg') }, (t) =>
    listenTo(t, browser, ['-exec', `${TONE} -c:a aac -f adts -`], 'AAC'),
  )

  engine.test(t, 'Ogg Opus', { isCore: true, skip: needs('ffmpeg') }, (t) =>
    listenTo(t, browser, ['-exec', `${TONE} -ar 48000 -c:a libopus -page_duration 200000 -f ogg -`], 'Opus'),
  )

  engine.test(t, 'WAV without end', { skip: needs('ffmpeg') }, (t) =>
    listenTo(t, browser, ['-exec', `${TONE} -f wav -`], 'WAV'),
  )

  engine.test(
    t,
    'FLAC, joined in the middle, across files of different block sizes',
    { skip: needs('sox', 'flac') },
    async (t) => {
      // Neither has a whole last block.
      const long = flacTone(2.3, '-b', '4096')
      const folder = t.testdir({ '1.flac': long, '2.flac': flacTone(1.7, '-b', '1152') })
      const server = await startServer(t, ['-play', folder])
      listenPlainly(t, server.port)
      await listenPlainly(t, server.port, long.length).closed
      t.ok((await numberAtJoin(t, server)) > RATE, 'a decoder that joins begins far from sample 0')
      const hasTime = engine.isAble(t, 'the time of endless FLAC', { webkit: NO_TIME })
      await hear(t, browser, server, 'FLAC, 16 bit, 44.1 kHz, stereo', hasTime ? 6 : undefined)
    },
  )

  engine.test(t, "a recorder's bare samples", { skip: needs('sox') }, (t) => {
    const arecord = join(t.testdir(), 'arecord')
    const sox = `sox -q -n -t raw -r 44100 -e signed -b 16 -c 2 - synth 600 sine ${HZ}`
    writeFileSync(arecord, `#!/bin/sh\nexec ${sox}\n`)
    chmodSync(arecord, 0o755)
    const flags = ['-source-bandwidth', '176400', '-exec', `${arecord} -f cd --file-type raw`]
    return listenTo(t, browser, flags, 'PCM, 16 bit, 44.1 kHz, stereo')
  })
})
