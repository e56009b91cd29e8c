import { type ChildProcess, spawn } from 'node:child_process'
import { signalGroup } from './process-group.ts'

/**
 * A shell that outlives streamserve, whatever ends it (SIGKILL, a crash of the runtime): it is told of every process group
 * that lives, and when its input closes it ends those that are left, SIGTERM first, SIGKILL after 5 s.
 */
const SCRIPT = `
trap '' HUP INT TERM
groups=' '
while read -r what pgid; do
  case $what in
    add) groups="$groups$pgid " ;;
    drop) groups="\${groups%% $pgid *} \${groups#* $pgid }" ;;
  esac
done
for pgid in $groups; do kill -s TERM -- "-$pgid"; kill -s CONT -- "-$pgid"; done 2>/dev/null
for tenth in $([ -z "\${groups# }" ] || seq 50); do
  alive=
  for pgid in $groups; do kill -s 0 -- "-$pgid" && alive=1; done 2>/dev/null
  [ -n "$alive" ] || exit 0
  sleep 0.1
done
for pgid in $groups; do kill -s KILL -- "-$pgid"; done 2>/dev/null
`

/** Knows the process groups that must not outlive the program. */
export interface OrphanGuard {
  add(pgid: number): void
  drop(pgid: number): void
  /** Kills every group at once; for the moment in which the program exits. */
  killAll(): void
}

/** Makes a guard; its shell is started with the first group. */
export function createOrphanGuard(): OrphanGuard {
  const groups = new Set<number>()
  let shell: ChildProcess | undefined
  const tell = (line: string) => shell?.stdin?.write(line)
  const start = () => {
    const started = startShell(() => {
      if (shell === started) shell = undefined
    })
    shell = started
    for (const pgid of groups) tell(`add ${pgid}\n`)
  }
  return {
    add(pgid) {
      groups.add(pgid)
      if (shell === undefined) start()
      else tell(`add ${pgid}\n`)
    },
    drop(pgid) {
      if (groups.delete(pgid)) tell(`drop ${pgid}\n`)
    },
    killAll() {
      for (const pgid of groups) signalGroup(pgid, 'SIGKILL')
    },
  }
}

/**
 * Without a shell (a limit of the system was reached, or it was killed) groups are still ended by the program itself; only its
 * crash is not covered. The next group starts another shell.
 */
function startShell(gone: () => void): ChildProcess | undefined {
  let shell: ChildProcess
  try {
    // A session of its own: a Ctrl-C at the terminal is not for it.
    shell = spawn('sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' })
  } catch {
    return undefined
  }
  shell.once('exit', gone)
  shell.on('error', gone)
  shell.unref()
  // Without free descriptors there is none, whatever the types say.
  const stdin = shell.stdin as (NodeJS.WritableStream & { unref?(): void }) | null | undefined
  stdin?.on('error', gone)
  stdin?.unref?.()
  return shell
}
