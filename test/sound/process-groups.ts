import { readdirSync, readFileSync } from 'node:fs'

/** Names of the processes of a group that have not ended. */
export function membersOf(group: number): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      // proc(5): pid (comm) state ppid pgrp ...
      const [, name = '', state = 'X', , pgrp] = /^\d+ \((.*)\) (\S) (\d+) (\d+)/s.exec(statOf(pid)) ?? []
      return Number(pgrp) === group && state !== 'Z' && state !== 'X' ? [name] : []
    })
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return ''
  }
}
