import type { Stats } from 'node:fs'

/**
 * Detects that a file grows while it is played: live sound that should be written to a FIFO, and that would be played from its
 * beginning over and over.
 * @param warn called once, when the file has become longer.
 * @returns a function to call with the file's status, before it is read and when it has been read to its end.
 */
export function createGrowthCheck(warn: () => void): (file: Stats) => void {
  let last: { readonly inode: number; readonly bytes: number } | undefined
  let isWarned = false
  return ({ ino, size }) => {
    // A longer file with another inode has replaced the old one; it was not appended to.
    const hasGrown = last !== undefined && last.inode === ino && size > last.bytes
    last = { inode: ino, bytes: size }
    if (!hasGrown || isWarned) return
    isWarned = true
    warn()
  }
}
