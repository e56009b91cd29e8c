import type { EventLog } from '../events/event-log.ts'
import type { OrphanGuard } from '../source/exec/orphan-guard.ts'
import type { Runtime } from '../system/runtime.ts'
import type { Delivery } from './delivery.ts'
import { eventEnvironment } from './event-environment.ts'
import { type HookFailure, HookLog } from './hook-log.ts'
import { type Deliver, HookQueue } from './hook-queue.ts'
import { runCommand } from './run-command.ts'

/** Time for a hook, in milliseconds. */
const END_WITHIN_MS = 10_000
const TOO_LATE = `no end within ${END_WITHIN_MS / 1000} s`

/** The hooks of the program and all its streams: commands and URLs that get events. */
export interface Hooks {
  /** Resolves when all hooks have ended, or when their time is over; called after the last event. */
  end(): Promise<void>
}

/** Notifies hooks of the events of a log. */
export function openHooks(events: EventLog, guard: OrphanGuard, { clock, log }: Runtime): Hooks {
  const hookLog = new HookLog(clock, log)
  const notify = async (delivery: Delivery, signal: AbortSignal): Promise<HookFailure | undefined> => {
    const { event, hook, skipped } = delivery
    const fields = { ...event.values(), skipped }
    const json = JSON.stringify(fields)
    if (hook.kind === 'url') return (await import('./post.ts')).post(hook.url, json, signal)
    const input = { stdin: `${json}\n`, environment: eventEnvironment(fields) }
    return runCommand(hook.command, input, guard, clock, signal)
  }
  const deliver: Deliver = async (delivery, ending) => {
    const cancel = clock.after(END_WITHIN_MS, () => ending.abort(TOO_LATE))
    const failure = await notify(delivery, ending.signal)
    cancel()
    if (failure !== undefined) hookLog.failed(delivery.event, failure)
  }
  const queue = new HookQueue(deliver, (event) => hookLog.omitted(event), clock)
  events.subscribe(({ event, hooks }) => {
    const hook = hooks[event.name]
    if (hook !== undefined) queue.add(event, hook)
  })
  return {
    async end() {
      await queue.end()
      hookLog.flush()
    },
  }
}
