import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { inEngines } from './engines.ts'
import { buildRoad, delayOf, isUpToDate, openPage, press, says, timeOf } from './player.ts'

const RADIO = [
  '-warm',
  '-exec',
  'ffmpeg -v error -nostdin -re -f lavfi -i sine=frequency=440:sample_rate=44100 -b:a 128k -f mp3 -',
]
/** Duration of a network stall, and maximum wait of a listener after a restart, in milliseconds. */
const STALL_MS = 10_000
const BACK_WITHIN_MS = 5_000

t.setTimeout(290_000)
inEngines('a player that has been started', { skip: needs('ffmpeg') }, async (t, engine) => {
  const browser = await engine.start(t)

  engine.test(t, 'plays again by itself after the server was killed and restarted', {}, async (t) => {
    const first = await startServer(t, RADIO)
    const { page } = await openPage(t, browser, first.url)
    await press(page)
    await says(page, 'Live')
    first.child.kill('SIGKILL')
    await says(page, 'Connection lost. Trying again')
    await startServer(t, ['-address', `127.0.0.1:${first.port}`, ...RADIO])
    const startedAt = performance.now()
    await says(page, 'Live')
    const ms = performance.now() - startedAt
    t.comment(`playing again ${ms.toFixed(0)} ms after the server listened`)
    t.ok(ms < BACK_WITHIN_MS)
  })

  engine.test(t, 'reports off air, without a delay, while a command fails', {}, async (t) => {
    const server = await startServer(t, ['-warm', '-exec', 'sh', '-c', 'exit 1'])
    const { page } = await openPage(t, browser, server.url)
    await says(page, 'Off air. Press play to hear it when it is back.')
    await press(page)
    await says(page, 'Off air. It plays by itself when it is back.')
    t.equal(await page.locator('#delay').isVisible(), false)
  })

  engine.test(t, 'returns to its delay after the network was down for 10 s', {}, async (t) => {
    const server = await startServer(t, RADIO)
    const road = await buildRoad(t, server.port)
    const { page } = await openPage(t, browser, road.url)
    await press(page)
    await says(page, 'Live')
    road.block()
    await Promise.all([sleep(STALL_MS), says(page, /Connection lost|Waiting for more/)])
    road.unblock()
    const unblockedAt = performance.now()
    await says(page, 'Live')
    await isUpToDate(page)
    const { behind, kept } = await delayOf(page)
    const ms = performance.now() - unblockedAt
    t.comment(`${behind} ms behind, target ${kept} ms, ${ms.toFixed(0)} ms after the network moved again`)
  })

  engine.test(t, 'keeps its position while it is stopped', {}, async (t) => {
    const server = await startServer(t, RADIO)
    const { page } = await openPage(t, browser, server.url)
    await press(page)
    await says(page, 'Live')
    await press(page)
    await server.logged(/listener disconnected/)
    server.child.kill('SIGKILL')
    await once(server.child, 'close')
    await says(page, 'The server does not answer')
    await startServer(t, ['-address', `127.0.0.1:${server.port}`, ...RADIO])
    await says(page, 'Press play to listen')
    t.equal(await timeOf(page), 0)
  })
})
