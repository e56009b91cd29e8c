import type { Test } from 'tap'
import { listen } from '../client.ts'
import { needs } from '../programs.ts'
import { repetitions } from '../repetitions.ts'
import { ICY_FIELD } from '../transport/icy/icy.ts'
import { decodeHeard, type Kind } from './heard.ts'
import { bytesOf, hasTitle, hears } from './listening.ts'
import { type Command, start } from './running-program.ts'
import { PASSWORD, PATH, STATION_NAME, startStation } from './station.ts'
import { startWire } from './wire.ts'

/** What a program is to publish, and where. */
export interface Target {
  readonly port: number
  readonly password: string
  /** Frequency of the tone. */
  readonly hz: number
  /** Folder for its files. */
  readonly folder: string
}

/** A program that publishes, as its users configure it. */
export interface PublisherProgram {
  readonly name: string
  /** Programs that must be installed. */
  readonly needs: readonly string[]
  readonly kind: Kind
  /** Writes its files. @returns how it is run, any number of times */
  readonly prepare: (t: Test, target: Target) => Command | Promise<Command>
  /** Title that it sends; undefined: none. */
  readonly title?: string
  /** It sends no name of the station. */
  readonly isNameless?: boolean
  /** What it prints about a wrong password, and its exit code; undefined: it goes on. */
  readonly refused: { readonly says: RegExp; readonly code?: number | undefined }
  /** It connects again by itself when it has lost its connection. */
  readonly returns: boolean
}

/** Duration of the first part of the sound, in seconds. */
const PUBLISHED_SECONDS = repetitions(5, 10)
/** Duration of the sound after each interruption, in seconds. */
const HEARD_AGAIN_SECONDS = 3
/** Share of the sound that is the program's tone. Windows with a cut or the beginning are not. */
const MOST = 0.85
/** Reached only on a fault, in milliseconds. */
const TIMEOUT_MS = 150_000

/** Tests one program. */
export function testProgram(t: Test, program: PublisherProgram, hz: number): void {
  const options = () => ({ skip: needs(...program.needs, 'ffmpeg', 'mpg123'), buffered: true, timeout: TIMEOUT_MS })
  void t.test(
    `${program.name} is heard with its titles, also after it has lost its connection and was killed`,
    options(),
    (t) => isHeard(t, program, hz),
  )
  void t.test(`${program.name} reports a wrong password`, options(), (t) => isRefused(t, program, hz))
}

async function isHeard(t: Test, program: PublisherProgram, hz: number): Promise<void> {
  const folder = t.testdir()
  const { server, ports } = await startStation(t, folder)
  const wire = await startWire(t, ports)
  const listener = listen(t, server.port, PATH, ICY_FIELD)
  const command = await program.prepare(t, { port: wire.port, password: PASSWORD, hz, folder })
  let running = await start(t, command)
  await hears(listener, program.kind, PUBLISHED_SECONDS, 0)
  if (program.title !== undefined) await hasTitle(listener, program.kind, program.title)
  if (program.isNameless !== true) t.equal(await nameFor(t, server.port), STATION_NAME, 'name of the station')
  if (program.returns) {
    const before = bytesOf(listener).length
    wire.lose()
    await hears(listener, program.kind, HEARD_AGAIN_SECONDS, before)
  }
  await running.kill()
  const before = bytesOf(listener).length
  running = await start(t, command)
  await hears(listener, program.kind, HEARD_AGAIN_SECONDS, before)
  t.notOk(listener.socket.destroyed, 'the listener has stayed')
  t.equal(server.count(/publisher refused/), 0, 'no connection was refused')
  await running.kill()
  const heard = await decodeHeard(folder, program.kind, bytesOf(listener))
  t.strictSame(heard.complaints, [], 'no decoder complains')
  t.ok(heard.toneSeconds(hz) > MOST * heard.seconds, `${heard.toneSeconds(hz)} of ${heard.seconds} s are the tone`)
}

/** Returns the name of the stream for a new listener: one that has waited for 10 s has a head from before it was known. */
async function nameFor(t: Test, port: number): Promise<string | undefined> {
  const head = Buffer.from(await listen(t, port, PATH).headCame(), 'latin1').toString()
  return /^icy-name: ?(.*?)\r?$/im.exec(head)?.[1]
}

async function isRefused(t: Test, program: PublisherProgram, hz: number): Promise<void> {
  const folder = t.testdir()
  const { server, ports } = await startStation(t, folder)
  const wire = await startWire(t, ports)
  const running = await start(t, await program.prepare(t, { port: wire.port, password: 'wrong', hz, folder }))
  const { says, code } = program.refused
  await running.says(says)
  if (code !== undefined) t.equal(await running.exited, code, 'exit code')
  t.equal(server.count(/publisher connected/), 0, 'nothing is published')
  // The folder is removed before the teardown, and a program that still writes there would make that fail.
  await running.kill()
}
