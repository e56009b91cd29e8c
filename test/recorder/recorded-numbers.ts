import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { StatusReport } from '../../src/status/report.ts'
import { areConsecutive, numbers, numbersIn } from '../feeders.ts'
import { type Server, startServer } from '../streamserve.ts'
import { filesIn, samplesIn } from './recorded.ts'

/** Samples that are numbers, in real time: 100 kB a second. */
const NUMBERS = numbers({ everyMs: 20, burst: 500 })
const PCM = ['-pcm', 's16le:25000:2', '-frame-bytes', '400']

/** A folder that is there until the programs of the test have ended. */
export function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Starts a server that records numbers. @param record names of its files @param flags further flags */
export function startRecorded(t: Test, record: string, ...flags: readonly string[]): Promise<Server> {
  return startServer(t, [...PCM, '-warm', '-record', record, ...flags, '-exec', ...NUMBERS])
}

/** Returns the numbers of all files, in the order of the numbers. @throws when a file has a gap */
export function numbersOf(folder: string): number[] {
  const files = [...filesIn(folder)].filter(([name]) => name.endsWith('.wav'))
  const all = files.map(([name, file]) => {
    const samples = samplesIn(file)
    const own = numbersIn(samples.subarray(0, samples.length - (samples.length % 4)))
    if (!areConsecutive(own)) throw new Error(`${name} has a gap`)
    return own
  })
  return all.toSorted(([one = 0], [other = 0]) => one - other).flat()
}

/** Returns the line of a configuration file that runs the program. */
export function execIn(folder: string): string {
  writeFileSync(`${folder}/numbers.cjs`, NUMBERS.at(-1) ?? '')
  return `exec ${process.execPath} ${folder}/numbers.cjs`
}

export async function recordingOf({ url }: Server, path = '/') {
  const report = (await (await fetch(`${url}/status.json`)).json()) as StatusReport
  return { ...report.streams.find((stream) => stream.path === path)?.recording, troubles: report.troubles }
}

export async function stop({ child, exited }: Server): Promise<void> {
  child.kill('SIGTERM')
  await exited
}
