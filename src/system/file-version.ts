import { stat } from 'node:fs/promises'

/** Returns the time, size and inode of a file as a text, which differs after a change. @throws what the system reports */
export async function fileVersion(path: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(path)
  return `${mtimeMs} ${size} ${ino}`
}
