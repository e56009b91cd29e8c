import type { HubMessage } from '../../../filters/hub/message.ts'

/** A message and its origin. */
export interface Received {
  readonly origin: string
  readonly message: HubMessage
  readonly payload: Buffer
}

/**
 * Puts the messages of the last seconds in the order in which an edge that starts takes them: those of the origin that has sent most
 * of the newest half come first, so that this one is heard, and not one that has ended meanwhile.
 * @param messages oldest first
 */
export function inOrderOfStart(messages: readonly Received[]): readonly Received[] {
  const counts = new Map<string, number>()
  for (const { origin } of messages.slice(messages.length >> 1)) counts.set(origin, (counts.get(origin) ?? 0) + 1)
  const [preferred] = [...counts].toSorted(([, one], [, other]) => other - one)[0] ?? []
  const isFirst = ({ origin }: Received) => origin === preferred
  return [...messages.filter(isFirst), ...messages.filter((received) => !isFirst(received))]
}
