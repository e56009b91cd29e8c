/** Parts of the benches that are written in C. */

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { benchFolder } from './bench-folder.ts'

/** Programs and their source files. */
const PROGRAMS = {
  floor: ['floor.c'],
  listeners: ['listeners.c', 'load.c', 'listener.c', 'frame-check.c', 'delays.c'],
} as const

const made = new Map<string, Promise<string>>()

/** Compiles a program, once. @returns its path. @throws Error when this machine has no C compiler, or not Linux. */
export function compiled(name: keyof typeof PROGRAMS): Promise<string> {
  const program = made.get(name) ?? compile(name)
  made.set(name, program)
  return program
}

async function compile(name: keyof typeof PROGRAMS): Promise<string> {
  if (process.platform !== 'linux') throw new Error('the benches need Linux')
  const program = join(benchFolder(name), name)
  const sources = PROGRAMS[name].map((file) => fileURLToPath(new URL(`../../bench/${file}`, import.meta.url)))
  const compiler = process.env['CC'] ?? 'cc'
  const { failed, code, stderr } = await execa(compiler, ['-O2', '-Wall', '-o', program, ...sources], { reject: false })
  if (code === 'ENOENT') throw new Error(`the benches need a C compiler: there is no ${compiler}`)
  if (failed) throw new Error(`${name} does not compile: ${stderr}`)
  return program
}
