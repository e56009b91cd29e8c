import type { ProgramHooks, StreamHooks } from '../plan/hooks.ts'

/** Name of an event. */
export type EventName = keyof StreamHooks | keyof ProgramHooks

/** Value of a field; null: it is unknown, or there is none. */
export type FieldValue = string | number | null

/** Clients that may see a field: all clients of a public feed, or only those that may see addresses, users and commands. */
type Visibility = 'public' | 'private'

/**
 * The events and their fields, as docs/events.md documents them. Fields are only added. Each event also has `event`, `stream`, `time`
 * and `id`.
 */
export const EVENT_TABLE = {
  'source-up': { source: 'private', format: 'public' },
  'source-down': { source: 'private', reason: 'private', secondsUp: 'public' },
  publish: { client: 'private', user: 'private', agent: 'private' },
  listen: { listener: 'public', address: 'private', user: 'private', agent: 'private', listeners: 'public' },
  leave: {
    listener: 'public',
    address: 'private',
    seconds: 'public',
    bytes: 'public',
    reason: 'public',
    listeners: 'public',
  },
  'first-listener': {},
  'last-listener': {},
  title: { title: 'public' },
  silence: { level: 'public', seconds: 'public' },
  sound: { seconds: 'public' },
  recorded: { file: 'private', bytes: 'public', seconds: 'public' },
  start: { url: 'private', version: 'public' },
  stop: { reason: 'public', secondsUp: 'public' },
} as const satisfies Record<EventName, Readonly<Record<string, Visibility>>>

/** The fields of an event of this name. */
export type FieldsOf<Name extends EventName> = Readonly<Record<keyof (typeof EVENT_TABLE)[Name], FieldValue>>
