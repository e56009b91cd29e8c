import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ProgramPlan } from '../plan/program-plan.ts'
import { toldText } from './safe-text.ts'

/** Free space below which a disk counts as full, in bytes. */
const FULL_BELOW_BYTES = 1_048_576

/** Files that the program reads or writes while it runs. */
interface UsedFiles {
  /** What each is, by its name. */
  readonly read: ReadonlyMap<string, string>
  /** The access log; undefined: none. */
  readonly written: string | undefined
}

/** A file that cannot be used. */
interface FileFault {
  readonly file: string
  /** What it is. */
  readonly what: string
  /** `be read` or `be written`. */
  readonly how: string
  readonly why: string
}

/** Checks whether files can be used, without reading them. */
export class FileChecks {
  readonly #plan: () => ProgramPlan
  #isChecking = false
  #faults: readonly FileFault[] = []

  constructor(plan: () => ProgramPlan) {
    this.#plan = plan
  }

  /** Reasons why files cannot be used, as of the last check that has ended. @param showsNames of the files */
  sentences(showsNames: boolean): string[] {
    return this.#faults.map(
      ({ file, what, how, why }) => `The ${what}${showsNames ? ` ${toldText(file)}` : ''} cannot ${how}: ${why}.`,
    )
  }

  /** Begins a check, unless one is under way: a file may be on a disk that does not answer. */
  async check(): Promise<void> {
    if (this.#isChecking) return
    this.#isChecking = true
    const { read, written } = filesOf(this.#plan())
    const faults = await Promise.all([
      ...Array.from(read, ([file, what]) => faultOf({ file, what, how: 'be read' }, readFault)),
      ...(written === undefined ? [] : [faultOf({ file: written, what: 'access log', how: 'be written' }, writeFault)]),
    ])
    this.#faults = faults.filter((fault) => fault !== undefined)
    this.#isChecking = false
  }
}

async function faultOf(
  used: Omit<FileFault, 'why'>,
  check: (file: string) => Promise<string | undefined>,
): Promise<FileFault | undefined> {
  const why = await check(used.file)
  return why === undefined ? undefined : { ...used, why }
}

function filesOf({ streams, published, clients, admin }: ProgramPlan): UsedFiles {
  const plans = [...streams, ...published]
  const users = [
    admin.usersFile,
    ...plans.flatMap(({ access: { usersFile }, publish }) => [usersFile, publish?.usersFile]),
  ]
  const read = new Map<string, string>(
    users.flatMap((file) => (file === undefined ? [] : [[file, 'file of users'] as const])),
  )
  for (const { page } of plans) if (page.picture !== undefined) read.set(page.picture, 'picture')
  if (clients.banFile !== undefined) read.set(clients.banFile, 'file of banned addresses')
  return { read, written: clients.accessLog }
}

/** @returns why the file cannot be read; undefined: it can */
function readFault(file: string): Promise<string | undefined> {
  return access(file, constants.R_OK).then(
    () => undefined,
    (error: unknown) => reasonOf(error),
  )
}

async function writeFault(file: string): Promise<string | undefined> {
  try {
    await access(file, constants.W_OK).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error
      return access(dirname(file), constants.W_OK | constants.X_OK)
    })
    const { bavail, bsize, blocks } = await statfs(dirname(file))
    // File systems without a size, such as /dev, have no blocks.
    return blocks > 0 && bavail * bsize < FULL_BELOW_BYTES ? 'the disk is full' : undefined
  } catch (error) {
    return reasonOf(error)
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? ''
}

function reasonOf(error: unknown): string {
  return REASONS[codeOf(error)] ?? codeOf(error)
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user is not permitted to do it',
  EROFS: 'the disk is read-only',
}
