import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a directory and its missing parents. Node's own `recursive` retries endlessly where the system reports ENOENT although
 * the parent exists, as in /proc.
 * @throws what the system reports
 */
export async function makeDirectory(path: string, mode: number): Promise<void> {
  const made = await tryMake(path, mode)
  if (made !== 'no parent') return
  if (dirname(path) !== path) await makeDirectory(dirname(path), mode)
  await mkdir(path, { mode })
}

async function tryMake(path: string, mode: number): Promise<'there' | 'no parent'> {
  try {
    await mkdir(path, { mode })
    return 'there'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return 'there'
    if (code === 'ENOENT') return 'no parent'
    throw error
  }
}
