import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'

/** The path is not that of a regular file, or the file is too large. The message is the reason, without the path. */
class NotReadableError extends Error {
  override readonly name = 'NotReadableError'
}

/**
 * Reads a whole regular file. A FIFO, or a device without an end, would block its reader and a thread of the pool.
 * @param mostBytes maximum size, in bytes.
 * @throws NotReadableError, or what the system reports
 */
export async function readRegularFile(path: string, mostBytes: number): Promise<Buffer> {
  // Checked before opening, because opening a FIFO would let its writer begin.
  refuseOther(await stat(path), mostBytes)
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    // It may have been replaced in the meantime.
    refuseOther(await file.stat(), mostBytes)
    return await file.readFile()
  } finally {
    await file.close()
  }
}

function refuseOther(entry: Awaited<ReturnType<typeof stat>>, mostBytes: number): void {
  if (entry.isDirectory()) throw new NotReadableError('is a directory')
  if (!entry.isFile()) throw new NotReadableError('is not a regular file')
  if (entry.size > mostBytes) throw new NotReadableError(`is larger than ${mostBytes / 1024} KiB`)
}
