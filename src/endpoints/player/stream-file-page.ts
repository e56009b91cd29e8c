import type { ServerResponse } from 'node:http'
import type { Stream } from '../../stream/stream.ts'
import type { StreamAccess } from '../../transport/stream-access.ts'
import { pageHeaders } from '../headers.ts'
import type { Page } from '../page.ts'
import { mayHavePage } from '../page-access.ts'
import type { PageRequest } from '../page-request.ts'
import type { PlayedStreams } from './player.ts'
import { streamsWith } from './stream-files.ts'

/** Answers a request for the file of a stream, whose path is decoded. */
type SendFile = (stream: Stream, path: string, request: PageRequest, response: ServerResponse) => void | Promise<void>

/** The file of each stream at its path with an extension. It follows the rules of who may listen. */
export function createStreamFilePage(
  extension: string,
  streams: PlayedStreams,
  access: StreamAccess,
  send: SendFile,
): Page {
  return {
    owns: (path) => streamsWith(path, extension).length > 0,
    async answer(request, response) {
      for (const path of streamsWith(request.path, extension)) {
        const stream = await streams.find(path)
        if (stream === undefined) continue
        if (await mayHavePage(access, stream, path, request, response)) await send(stream, path, request, response)
        return
      }
      sendMissing(response, 'there is no stream at this path')
    },
  }
}

/** Answers with 404 and a line that says what is missing. */
export function sendMissing(response: ServerResponse, line: string): void {
  response.writeHead(404, { ...pageHeaders(), 'Content-Type': 'text/plain; charset=utf-8' }).end(`${line}\n`)
}
