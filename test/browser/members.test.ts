import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { listen } from '../client.ts'
import { run, type Server, startServer } from '../streamserve.ts'
import { axeFaults } from './axe.ts'
import { inEngines } from './engines.ts'
import { openPage, press, says } from './player.ts'

async function startStation(t: Test, text: string): Promise<Server> {
  const file = join(t.testdir(), 'main.conf')
  writeFileSync(file, text)
  return startServer(t, ['-config', file])
}

t.setTimeout(120_000)
inEngines('the player of a stream that refuses', {}, async (t, engine) => {
  const browser = await engine.start(t)

  engine.test(t, 'says that the stream is full, and plays when it has a place', {}, async (t) => {
    const server = await startStation(t, '[/cd]\ndemo\nmax-listeners 1\n')
    const first = listen(t, server.port, '/cd')
    await first.bodyHas(1)
    const { page } = await openPage(t, browser, `${server.url}/player/cd`)
    await press(page)
    await says(page, 'The stream has no place for more listeners now.')
    t.strictSame(await axeFaults(page), [])
    first.socket.destroy()
    await says(page, 'Live')
  })

  engine.test(t, 'says that a link has ended, and stops trying', {}, async (t) => {
    const server = await startStation(t, '[/cd]\ndemo\nlisten-key hackme\n')
    const { stdout } = await run(['-sign', '/cd', '-for', '5s', '-listen-key', 'hackme'])
    const { page } = await openPage(t, browser, `${server.url}/player${stdout.trim()}`)
    const until = Number(new URL(stdout, server.url).searchParams.get('until')) * 1000
    while (Date.now() <= until) await new Promise((resolve) => setTimeout(resolve, until - Date.now() + 1))
    await press(page)
    await says(page, 'This link has ended. You need a new one.')
    await page.getByRole('button', { name: 'Play' }).waitFor()
  })

  engine.test(t, 'says that too many listeners have the address', {}, async (t) => {
    const server = await startStation(t, '[/cd]\ndemo\nmax-listeners-per-address 1\n')
    await listen(t, server.port, '/cd').bodyHas(1)
    const { page } = await openPage(t, browser, `${server.url}/player/cd`)
    await press(page)
    await says(page, 'Too many listeners have your address or your name.')
  })

  engine.test(t, 'is marked in the index', {}, async (t) => {
    const server = await startStation(t, '[/cd]\ndemo\n[/members]\ndemo\nlisten-key hackme\n')
    const { page, faults } = await openPage(t, browser, `${server.url}/`)
    t.strictSame(await page.locator('[data-part="members"]').allTextContents(), ['', 'For members'])
    t.notOk(await page.locator('[data-part="members"]').first().isVisible())
    t.strictSame(await axeFaults(page), [])
    t.strictSame(faults, [])
  })
})
