import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { systemPath } from '../../text/byte-path.ts'

/** Random access to a file. However large the file is, and whatever lengths it claims, little of it is read. */
export interface BoundedFile {
  /** Size when the file was opened, in bytes. */
  readonly size: number
  /**
   * Reads `length` bytes from `position` on; fewer at the end of the file, none once the limit is reached. The Buffer is valid
   * until the next call.
   */
  at(position: number, length: number): Promise<Buffer>
}

/** How much of one file is read. */
interface ReadLimits {
  readonly bytes: number
  /** A slow disk takes about 10 ms for each. */
  readonly reads: number
}

/** Limits for text: pictures are skipped, text is short. */
const TEXT_LIMITS: ReadLimits = { bytes: 2 ** 21, reads: 64 }
/** Size of one read, in bytes. Tags without a picture fit. */
const READ_BYTES = 16 * 1024

const NOTHING = Buffer.alloc(0)

/**
 * Opens a file, lets `use` read it, and closes it. @throws the system's error when the file cannot be read.
 * @param path a FIFO is opened without blocking, and has no bytes.
 */
export async function withBoundedFile<T>(
  path: string,
  use: (file: BoundedFile) => Promise<T>,
  limits = TEXT_LIMITS,
): Promise<T> {
  const handle = await open(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const entry = await handle.stat()
    return await use(boundedFile(handle, entry.isFile() ? entry.size : 0, limits))
  } finally {
    await handle.close()
  }
}

function boundedFile(handle: FileHandle, size: number, limits: ReadLimits): BoundedFile {
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
        if (most <= 0 || reads++ >= limits.reads || (bytes += most) > limits.bytes) return NOTHING
        const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(most), 0, most, position)
        windowAt = position
        window = buffer.subarray(0, bytesRead)
      }
      return window.subarray(position - windowAt, position - windowAt + wanted)
    },
  }
}
