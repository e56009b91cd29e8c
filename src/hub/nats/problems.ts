import type { Runtime } from '../../system/runtime.ts'

/** Kinds of problems: of the connection, of the kept messages, or what is denied. */
export type ProblemKind = 'connection' | 'history' | 'denied'

/** The same problem is logged again after this time, in milliseconds. */
const LOG_EVERY_MS = 600_000
/** Maximum number of problems of one kind, and of those remembered as logged. */
const MAX_LINES = 20

/** What is wrong with a hub. Each line is logged once, however often it is met. */
export class Problems {
  readonly #runtime: Runtime
  readonly #lines = new Map<ProblemKind, Set<string>>()
  readonly #loggedAt = new Map<string, number>()

  constructor(runtime: Runtime) {
    this.#runtime = runtime
  }

  /** All that is known to be wrong, in one line; undefined: nothing. */
  get line(): string | undefined {
    const lines = [...this.#lines.values()].flatMap((known) => Array.from(known))
    return lines.length === 0 ? undefined : lines.join('; ')
  }

  /** Replaces the problems of a kind by this one. */
  set(kind: ProblemKind, line: string): void {
    this.clear(kind)
    this.add(kind, line)
  }

  add(kind: ProblemKind, line: string): void {
    const known = this.#lines.get(kind) ?? new Set()
    if (known.size >= MAX_LINES) return
    this.#lines.set(kind, known.add(line))
    const now = this.#runtime.clock.now()
    const last = this.#loggedAt.get(line)
    if (last !== undefined && now - last < LOG_EVERY_MS) return
    if (this.#loggedAt.size >= MAX_LINES) this.#loggedAt.clear()
    this.#loggedAt.set(line, now)
    this.#runtime.log.warn('hub problem', { reason: line })
  }

  clear(kind: ProblemKind): void {
    this.#lines.delete(kind)
  }
}
