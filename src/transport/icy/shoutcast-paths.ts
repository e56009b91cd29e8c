import type { RequestHead } from '../http/request-head.ts'

/**
 * Paths at which players made for SHOUTcast ask a server for its only stream: `/;`, `/;stream.mp3`, `/stream`, `/stream.mp3`,
 * `/stream/1/`, and `//` from addresses that were joined. No standard describes them.
 */
const PATHS = /^\/(?:;.*|\/|stream(?:\.\w{1,4}|\/(?:1\/?)?)?)$/s
const FOR_PLAYERS = /^(?:https?:\/\/[^/]+)?\/;/i

/** @param path decoded. */
export function isShoutcastPath(path: string): boolean {
  return PATHS.test(path)
}

/** Whether the path of a request is one for sound: `/;` is one in a browser too, where `/` is a page. */
export function isForPlayers({ target }: Pick<RequestHead, 'target'>): boolean {
  return FOR_PLAYERS.test(target)
}
