/** Finds files and programs that a configuration names and that do not exist, or not yet. */
import { execFile } from 'node:child_process'
import { constants, existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { isFilterFile } from '../../filters/names.ts'
import { programsOf } from '../config/shell-words.ts'
import type { Command } from '../plan/command.ts'
import type { Hook } from '../plan/hooks.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import type { SourcePlan, StreamPlan } from '../plan/stream-plan.ts'
import { findGiven } from '../source/files/given-path.ts'
import { isStandardInput } from '../source/path-source.ts'
import { access, stat } from '../system/file-calls.ts'
import { readPictureFile } from '../system/picture-file.ts'
import { systemPath } from '../text/byte-path.ts'
import { printable } from '../text/printable.ts'

/** Prints those of its arguments that the shell cannot run: neither programs nor its own words. */
const WITHOUT_PROGRAM = 'for name do command -v -- "$name" >/dev/null || printf "%s\\n" "$name"; done'

/**
 * Looks at programs, files and directories without opening them.
 * @returns a sentence for each that does not exist, or that this user cannot use; it begins with the flag, and in a station file
 * with the place of the section
 */
export async function missingOf(plan: ProgramPlan): Promise<string[]> {
  const { streams, published, isStation } = plan
  const wildcards = published.filter(({ publish }) => publish !== undefined)
  const ofStreams = [...streams, ...wildcards].map(async (own) => {
    const found = await missingOfStream(own)
    return isStation && own.place !== undefined ? found.map((what) => `${own.place}: ${what}`) : found
  })
  return (await Promise.all([missingOfProgram(plan), ...ofStreams])).flat()
}

async function missingOfProgram({ listen, clients, admin, hooks }: ProgramPlan): Promise<string[]> {
  const { cert, key } = listen.tls?.files ?? {}
  const files = { 'tls-cert': cert, 'tls-key': key, ban: clients.banFile, 'admin-users': admin.usersFile }
  return (await Promise.all([missingFiles(files), missingOfHooks(hooks)])).flat()
}

async function missingOfStream(plan: StreamPlan): Promise<string[]> {
  const { sources, titles, ingest, access: listening, publish, hooks, recording, page } = plan
  const filter = isFilterFile(ingest.filter) ? ingest.filter : undefined
  const files = {
    'title-file': titles.file,
    'frame-filter': filter,
    'listen-users': listening.usersFile,
    'publish-users': publish?.usersFile,
  }
  const found = [missingFiles(files), missingPicture(page), missingOfHooks(hooks), missingRecordings(recording)]
  return (await Promise.all([...sources.map(missingOfSource), ...found])).flat()
}

async function missingPicture({ picture }: StreamPlan['page']): Promise<string[]> {
  if (picture === undefined) return []
  const missing = await missingFile('picture', picture)
  const read = missing.length > 0 ? undefined : await readPictureFile(picture)
  return typeof read === 'string' ? [`-picture ${printable(picture)}: ${read}`] : missing
}

/** The folders of recordings are made when they are needed, so only those above them must exist. */
async function missingRecordings({ pattern }: StreamPlan['recording']): Promise<string[]> {
  if (pattern === undefined) return []
  const [fixed = ''] = pattern.split('%', 1)
  let folder = dirname(`${fixed}x`)
  while (!existsSync(systemPath(folder)) && dirname(folder) !== folder) folder = dirname(folder)
  try {
    if (!(await stat(systemPath(folder))).isDirectory())
      return [`-record ${printable(pattern)}: ${printable(folder)} is not a folder`]
    await access(systemPath(folder), constants.W_OK | constants.X_OK)
    return []
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    const why = code === 'EACCES' || code === 'EROFS' ? 'this user is not permitted to write to' : `${message}:`
    return [`-record ${printable(pattern)}: ${why} ${printable(folder)}`]
  }
}

async function missingOfHooks(hooks: Readonly<Record<string, Hook | undefined>>): Promise<string[]> {
  const found = Object.entries(hooks).map(async ([event, hook]) =>
    hook?.kind === 'command' ? missingPrograms(`on-${event}`, hook.command) : [],
  )
  return (await Promise.all(found)).flat()
}

async function missingFiles(files: Readonly<Record<string, string | undefined>>): Promise<string[]> {
  return (await Promise.all(Object.entries(files).map(([flag, file]) => missingFile(flag, file)))).flat()
}

async function missingOfSource(source: SourcePlan): Promise<string[]> {
  if (source.kind === 'exec') return missingPrograms('exec', source.command)
  if (source.kind === 'from') return source.command === undefined ? [] : missingPrograms('exec', source.command)
  if (source.kind === 'path') return isStandardInput(source.path) ? [] : missingPath(source.path)
  if (source.kind !== 'play') return []
  return (await Promise.all(source.paths.map((file) => missingFile('play', file)))).flat()
}

async function missingPrograms(flag: string, command: Command): Promise<string[]> {
  const names = command.kind === 'shell' ? await withoutProgram(command.line) : await withoutFile(command)
  return names.map((name) => {
    const where = name.includes('/') ? 'that this user can run' : 'in the PATH of this process'
    return `-${flag}: no program ${printable(name)} ${where}`
  })
}

async function withoutProgram(line: string): Promise<string[]> {
  const names = programsOf(line)
  if (names.length === 0) return []
  const { stdout } = await promisify(execFile)('sh', ['-c', WITHOUT_PROGRAM, 'sh', ...names])
  return stdout.split('\n').slice(0, -1)
}

async function withoutFile({ file, args }: Command & { readonly kind: 'words' }): Promise<string[]> {
  const folders = file.includes('/') ? [''] : (process.env['PATH'] ?? '').split(delimiter)
  const isThere = await Promise.all(folders.map((folder) => canRun(join(folder, file))))
  if (!isThere.includes(true)) return [file]
  const [option, line] = args
  const isShell = /^(?:ash|bash|dash|ksh|sh|zsh)$/.test(basename(file))
  return isShell && option === '-c' && line !== undefined ? withoutProgram(line) : []
}

async function canRun(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}

async function missingPath(path: string): Promise<string[]> {
  const missing = await missingFile('path', path)
  const found = systemPath(await findGiven(path))
  if (missing.length > 0 || !(await stat(found)).isDirectory()) return missing
  const entries = await readdir(found, { withFileTypes: true })
  return entries.some((entry) => entry.isFIFO()) ? [] : [`-path ${printable(path)}: no FIFO in this directory`]
}

async function missingFile(flag: string, file: string | undefined): Promise<string[]> {
  if (file === undefined) return []
  try {
    await access(systemPath(await findGiven(file)), constants.R_OK)
    return []
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    return [`-${flag} ${printable(file)}: ${REASONS[code] ?? message}`]
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  ENOTDIR: 'no such file or directory',
  EACCES: 'this user is not permitted to read it',
}
