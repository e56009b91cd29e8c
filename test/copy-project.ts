import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { Test } from 'tap'
import { runProgram } from './programs.ts'

/** Generated files, and files of third parties. */
const LEFT_OUT: ReadonlySet<string> = new Set(['.git', '.tap', 'node_modules', 'dist', 'deb/out', 'bench/out'])

/**
 * Copies the project to another folder, as if cloned, with the same packages. @returns the folder, which is removed with the
 * test
 */
export function copySources(t: Test, project: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'streamserve-'))
  t.teardown(() => rmSync(copy, { recursive: true }))
  // The build compares the times of files.
  const isSource = (path: string) => !LEFT_OUT.has(relative(project, path))
  cpSync(project, copy, { recursive: true, preserveTimestamps: true, filter: isSource })
  symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

/** The same, with compiled files. */
export function copyProject(t: Test, project: string): string {
  const copy = copySources(t, project)
  runNpm(copy, 'run', 'build')
  return copy
}

/**
 * Runs npm in a folder, without the options for Node.js and for npm with which the tests are run. @returns its standard output.
 * @throws when it fails
 */
export function runNpm(folder: string, ...words: readonly string[]): string {
  const unset = ['-u', 'NODE_OPTIONS', '-u', 'npm_config_ignore_scripts']
  return runProgram('env', [...unset, 'npm', '--prefix', folder, ...words]).toString()
}
