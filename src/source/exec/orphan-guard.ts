import { type ChildProcess, spawn } from 'node:child_process'
import { signalGroup } from './process-group.ts'

/**
 * A shell that outlives streamserve, whatever ends it (SIGKILL, a crash of the runtime). It gets the id of each process group
 * as it starts and ends. When its input closes it ends the remaining groups, SIGTERM first, SIGKILL after 5 s.
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

/** Registry of the process groups that must not outlive the program. */
export interface OrphanGuard {
  add(pgid: number): void
  drop(pgid: number): void
  /** Kills every group at once; called when the program exits. */
  killAll(): void
}

/** Makes a guard; its shell is started with the first group. */
export function createOrphanGuard(): OrphanGuard {
  const groups = new Set<number>()
  let shell: ChildProcess | undefined
  const send = (line: string) => shell?.stdin?.write(line)
  const start = () => {
    const started = startShell(() => {
      if (shell === started) shell = undefined
    })
    shell = started
    for (const pgid of groups) send(`add ${pgid}\n`)
  }
  return {
    add(pgid) {
      groups.add(pgid)
      if (shell === undefined) start()
      else send(`add ${pgid}\n`)
    },
    drop(pgid) {
      if (groups.delete(pgid)) send(`drop ${pgid}\n`)
    },
    killAll() {
      for (const pgid of groups) signalGroup(pgid, 'SIGKILL')
    },
  }
}

/**
 * Without a shell (because of a system limit, or because it was killed) the program still ends its groups; only a crash of the
 * program is not covered. The next group starts another shell.
 */
function startShell(ended: () => void): ChildProcess | undefined {
  let shell: ChildProcess
  try {
    // A session of its own, so that Ctrl-C at the terminal does not end it.
    shell = spawn('sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' })
  } catch {
    return undefined
  }
  shell.once('exit', ended)
  shell.on('error', ended)
  shell.unref()
  // Without free descriptors stdin is missing, whatever the types state.
  const stdin = shell.stdin as (NodeJS.WritableStream & { unref?(): void }) | null | undefined
  stdin?.on('error', ended)
  stdin?.unref?.()
  return shell
}
