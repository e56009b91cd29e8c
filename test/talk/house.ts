import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { systemClock } from '../../src/system/clock.ts'
import { CLOSE_WITHIN_MS, MAX_FRAGMENTS, MAX_MESSAGE_BYTES } from '../../src/talk/limits.ts'
import { createTalk, type Talk } from '../../src/talk/talk.ts'
import { createHandshake } from '../../src/websocket/handshake.ts'
import { pageRequest } from '../endpoints/page-request.ts'
import { type KeptLog, keepLog } from '../kept-log.ts'

/** The talk server without the rest of the program, on a free loopback port: the path is the name of the room. */
export interface TalkHouse {
  readonly talk: Talk
  readonly port: number
  readonly log: KeptLog
}

/** It is ended with the test. */
export async function startTalk(t: Test, clock = systemClock): Promise<TalkHouse> {
  const log = keepLog()
  const talk = createTalk(clock, log.logger)
  const shake = createHandshake({
    maxMessageBytes: MAX_MESSAGE_BYTES,
    maxFragments: MAX_FRAGMENTS,
    closeWithinMs: CLOSE_WITHIN_MS,
  })
  const server = createServer((_, response) => response.end('a page'))
  server.on('upgrade', (message, socket, head) => {
    const asked = pageRequest(message, message.url ?? '')
    shake(asked, socket, head, (opened) =>
      talk.enter(opened, { room: asked.path, client: '127.0.0.1', network: message.socket.remoteAddress ?? '' }),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.close()
    await talk.close()
    server.closeAllConnections()
  })
  return { talk, log, port: (server.address() as AddressInfo).port }
}
