import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { systemPath } from '../../text/byte-path.ts'

/** Bytes of a file by their position. However large the file is, and whatever lengths it claims, little of it is read. */
export interface BoundedFile {
  /** In bytes, when it was opened. */
  readonly size: number
  /** The bytes from `position` on; fewer at the end of the file, and none once as much was read as may be. They are the caller's until the next call. */
  at(position: number, length: number): Promise<Buffer>
}

/** Maximum bytes of one file that are read for its tags: pictures are passed over, text is short. */
const MAX_BYTES = 2 ** 21
/** Maximum reads of one file for its tags: a slow disk takes some 10 ms for each. */
const MAX_READS = 64
/** Size of one read, in bytes. Tags without a picture fit. */
const READ_BYTES = 16 * 1024

const NOTHING = Buffer.alloc(0)

/**
 * Opens a file, lets `use` read it, and closes it. @throws what the system says of a file that cannot be read.
 * @param path a FIFO is not waited for, and has no bytes.
 */
export async function withBoundedFile<T>(path: string, use: (file: BoundedFile) => Promise<T>): Promise<T> {
  const handle = await open(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const entry = await handle.stat()
    return await use(boundedFile(handle, entry.isFile() ? entry.size : 0))
  } finally {
    await handle.close()
  }
}

function boundedFile(handle: FileHandle, size: number): BoundedFile {
  let windowAt = 0
  let window: Buffer = NOTHING
  let bytes = 0
  let reads = 0
  return {
    size,
    async at(position, length) {
      const wanted = Math.max(0, Math.min(length, size - position))
      if (position < windowAt || position + wanted > windowAt + window.length) {
        const most = Math.min(Math.max(READ_BYTES, wanted), size - position)
        if (most <= 0 || reads++ >= MAX_READS || (bytes += most) > MAX_BYTES) return NOTHING
        const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(most), 0, most, position)
        windowAt = position
        window = buffer.subarray(0, bytesRead)
      }
      return window.subarray(position - windowAt, position - windowAt + wanted)
    },
  }
}
