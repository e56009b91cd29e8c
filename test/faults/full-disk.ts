import { spawnSync } from 'node:child_process'
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import type { Test } from 'tap'
import { needs } from '../programs.ts'
import type { Start } from './victim.ts'

/** For tap's `skip` option: requires a small file system of its own. */
export const needsFullDisk: false | string = needs('mount', 'umount') || tryMount()

function tryMount(): false | string {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-'))
  const isMounted = mount(folder)
  if (isMounted) unmount(folder)
  return isMounted ? false : 'may not mount a file system here'
}

function mount(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]).status === 0
}

function unmount(folder: string): void {
  spawnSync('umount', ['-l', folder])
  rmSync(folder, { recursive: true, force: true })
}

/** Mounts a disk of 256 KiB until the end of the test. @returns its folder */
export function smallDisk(t: Pick<Test, 'teardown'>): string {
  const disk = mkdtempSync(join(tmpdir(), 'streamserve-'))
  mount(disk)
  t.teardown(() => unmount(disk))
  return disk
}

let folder = ''

/** A log in a file, on a disk that can be filled. One at a time. */
export const fullDisk = {
  start(t: Test): Start {
    const disk = mkdtempSync(join(tmpdir(), 'streamserve-'))
    folder = disk
    mount(disk)
    const fd = openSync(join(disk, 'log'), 'a')
    const log = new PassThrough()
    let at = 0
    const look = () => {
      createReadStream(join(disk, 'log'), { start: at })
        .on('data', (chunk) => {
          at += chunk.length
          log.write(chunk)
        })
        .on('error', () => {})
    }
    const timer = setInterval(look, 50)
    t.teardown(() => {
      clearInterval(timer)
      closeSync(fd)
      unmount(disk)
    })
    return { output: { fd, log } }
  },
  /** @returns a function that frees space again */
  fill(): () => void {
    const ballast = join(folder, 'ballast')
    const fd = openSync(ballast, 'w')
    for (const bytes of [4096, 1]) {
      try {
        for (;;) writeSync(fd, Buffer.alloc(bytes))
      } catch {
        // The disk is full.
      }
    }
    closeSync(fd)
    return () => rmSync(ballast)
  },
}
