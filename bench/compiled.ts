/** Parts of the benches that are written in C, compiled if there is a compiler. */

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { benchFolder } from './bench-folder.ts'

/** Programs and their source files. */
const PROGRAMS = {
  floor: ['floor.c'],
  listeners: ['listeners.c', 'crowd.c', 'listener.c', 'frame-check.c', 'delays.c'],
} as const

const made = new Map<string, Promise<string | undefined>>()

/** Compiles a program, once. @returns its path; undefined when this machine has no C compiler, or no epoll. */
export function compiled(name: keyof typeof PROGRAMS): Promise<string | undefined> {
  const program = made.get(name) ?? compile(name)
  made.set(name, program)
  return program
}

async function compile(name: keyof typeof PROGRAMS): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined
  const program = join(benchFolder(name), name)
  const sources = PROGRAMS[name].map((file) => fileURLToPath(new URL(`../../bench/${file}`, import.meta.url)))
  const compiler = process.env['CC'] ?? 'cc'
  const { failed, code, stderr } = await execa(compiler, ['-O2', '-Wall', '-o', program, ...sources], { reject: false })
  if (code === 'ENOENT') return undefined
  if (failed) throw new Error(`${name} does not compile: ${stderr}`)
  return program
}
