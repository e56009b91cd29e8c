import { appendFile, mkdir, open, stat, unlink, writeFile } from 'node:fs/promises'

/** Part of a file handle of Node that recordings use. */
export interface DiskFile {
  /** @returns bytes that were written, perhaps fewer than all */
  write(bytes: Buffer, offset: number, length: number, position: number): Promise<{ readonly bytesWritten: number }>
  truncate(length: number): Promise<void>
  stat(): Promise<{ readonly ino: number; readonly dev: number }>
  close(): Promise<void>
}

/** The file system, asynchronously; tests replace it. */
export interface Disk {
  /** Creates a file that does not exist yet. */
  create(path: string): Promise<DiskFile>
  /** Creates a folder with those above it, or does nothing. */
  makeFolder(path: string): Promise<unknown>
  stat(path: string): Promise<{ readonly ino: number; readonly dev: number }>
  appendText(path: string, text: string): Promise<void>
  /** Creates a file that does not exist yet, with a text. */
  createText(path: string, text: string): Promise<void>
  remove(path: string): Promise<void>
}

export const systemDisk: Disk = {
  create: (path) => open(path, 'wx'),
  makeFolder: (path) => mkdir(path, { recursive: true }),
  stat,
  appendText: (path, text) => appendFile(path, text),
  createText: (path, text) => writeFile(path, text, { flag: 'wx' }),
  remove: unlink,
}

/** Returns the code of an error of the file system, such as `ENOSPC`; empty: it is another error. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? ''
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'this user is not permitted to write there',
  EPERM: 'this user is not permitted to write there',
  EIO: 'the disk reports an error',
  ENXIO: 'the disk is away',
  ENODEV: 'the disk is away',
  ESTALE: 'the disk is away',
  ENOTCONN: 'the disk is away',
  ENOENT: 'the folder or the file was removed',
  ENOTDIR: 'a folder of its name is a file',
  EISDIR: 'its name is that of a folder',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'no file descriptor is free',
  ENFILE: 'no file descriptor is free',
  EFBIG: 'the file is too large for the file system',
}

/** Returns why a file cannot be written, for a person, as a part of a sentence. */
export function reasonOf(error: unknown): string {
  return REASONS[codeOf(error)] ?? (error as Error).message
}
