import t from 'tap'
import { needs } from '../programs.ts'
import { startSecure } from '../tls/secure.ts'
import { inEngines } from './engines.ts'
import { openPage, playsTo, press, says } from './player.ts'

const TONE = 'ffmpeg -v error -nostdin -re -f lavfi -i sine=frequency=440:sample_rate=44100 -b:a 128k -f mp3 -'

t.setTimeout(120_000)
inEngines(
  'the player plays over HTTPS with a certificate made by itself',
  { skip: needs('ffmpeg') },
  async (t, engine) => {
    const browser = await engine.start(t)
    const server = await startSecure(t, ['-warm', '-exec', TONE])
    const url = server.url.replace('http:', 'https:')
    const { page, faults } = await openPage(t, browser, url)
    await press(page)
    await says(page, 'Live')
    await playsTo(page, 1)
    await page.click('.elsewhere summary')
    t.match(await page.innerText('#address'), `${url}/`, 'other players are led to the same')
    t.strictSame(faults, [])
  },
)
