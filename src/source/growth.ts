import type { Stats } from 'node:fs'

/**
 * Notices that a file is written to while it is played: live sound whose writer should have had a FIFO, and that would be played from
 * its beginning over and over.
 * @param warn called once, when the file is found to be longer than before.
 * @returns a function to call with what the file is, before it is read and when it has been read to its end.
 */
export function createGrowthCheck(warn: () => void): (file: Stats) => void {
  let last: { readonly inode: number; readonly bytes: number } | undefined
  let isWarned = false
  return ({ ino, size }) => {
    // A longer file in the place of another one was exchanged, not written to.
    const hasGrown = last !== undefined && last.inode === ino && size > last.bytes
    last = { inode: ino, bytes: size }
    if (!hasGrown || isWarned) return
    isWarned = true
    warn()
  }
}
