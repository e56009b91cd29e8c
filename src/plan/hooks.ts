import type { Command } from './command.ts'

/** What is notified of an event: a program that gets it on standard input, or an address that gets it in a POST. */
export type Hook =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'url'; readonly url: string }

/** Events of a stream that hooks may have. */
type StreamHookEvent =
  | 'source-up'
  | 'source-down'
  | 'publish'
  | 'listen'
  | 'leave'
  | 'first-listener'
  | 'last-listener'
  | 'title'
  | 'silence'
  | 'sound'
  | 'recorded'

/** Events of the program that hooks may have. */
type ProgramHookEvent = 'start' | 'stop'

/** The hooks of a stream, by their events. */
export type StreamHooks = Readonly<{ [E in StreamHookEvent]?: Hook | undefined }>

/** The hooks of the program, by their events. */
export type ProgramHooks = Readonly<{ [E in ProgramHookEvent]?: Hook | undefined }>
