import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { inEngines } from './engines.ts'
import { openPage, press, says } from './player.ts'

const TONE = 'ffmpeg -v error -nostdin -re -f lavfi -i sine=frequency=440:sample_rate=44100 -b:a 128k -f mp3 -'

t.setTimeout(120_000)
inEngines(
  'the player shows titles with the sound to which they belong',
  { skip: needs('ffmpeg') },
  async (t, engine) => {
    const browser = await engine.start(t)
    const file = join(t.testdir({ title: 'Nina Simone - Sinnerman' }), 'title')
    const server = await startServer(t, ['-warm', '-name', 'Night Radio', '-title-file', file, '-exec', TONE])
    const { page, faults } = await openPage(t, browser, server.url)
    await page.locator('#title', { hasText: 'Nina Simone - Sinnerman' }).waitFor()
    await press(page)
    await says(page, 'Live')
    writeFileSync(file, '<b>Next</b>')
    await server.logged(/title=.*Next/)
    const newsCameAt = performance.now()
    await page.locator('#title', { hasText: '<b>Next</b>' }).waitFor()
    t.comment(`shown ${(performance.now() - newsCameAt).toFixed(0)} ms later, when the ear had come to it`)
    t.equal(await page.title(), '<b>Next</b> – Night Radio')
    const shown = 'navigator.mediaSession.metadata.title + navigator.mediaSession.playbackState'
    t.equal(await page.evaluate(shown), '<b>Next</b>playing', 'so it is on a lock screen')
    t.strictSame(faults, [])
  },
)
