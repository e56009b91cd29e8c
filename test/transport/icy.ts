import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Client } from '../client.ts'
import type { Server } from '../streamserve.ts'

/** Bytes between two blocks, as `icy-metaint` says them. */
export const INTERVAL = 16_000

/** What asks for titles. */
export const ICY_FIELD = 'Icy-MetaData: 1\r\n'

/** A body with its metadata taken out, as a player does it. */
export interface IcyBody {
  readonly audio: Buffer
  /** What the blocks say that are not empty, each with the number of bytes of audio before it. */
  readonly blocks: readonly (readonly [at: number, text: string])[]
}

/** Takes a body apart; its last block may be cut off. */
export function readIcy(body: Buffer): IcyBody {
  const audio: Buffer[] = []
  const blocks: [number, string][] = []
  let at = 0
  for (let count = 1; at < body.length; count++) {
    audio.push(body.subarray(at, at + INTERVAL))
    at += INTERVAL
    const length = 16 * (body[at] ?? 0)
    if (length > 0 && at + 1 + length <= body.length)
      blocks.push([count * INTERVAL, textOf(body.subarray(at + 1, at + 1 + length))])
    at += 1 + length
  }
  return { audio: Buffer.concat(audio), blocks }
}

/** A block is filled up with zeros to a multiple of 16, and no further. */
function textOf(block: Buffer): string {
  const end = block.indexOf(0)
  const text = end < 0 ? block : block.subarray(0, end)
  if (block.length - text.length > 15 || block.subarray(text.length).some((byte) => byte !== 0)) {
    throw new Error(`no metadata: ${block.toString('hex')}`)
  }
  return text.toString()
}

/** Resolved with the body when so many bytes of audio have come. */
export async function audioHas(client: Client, bytes: number): Promise<IcyBody> {
  let body = await client.bodyHas(bytes)
  while (readIcy(body).audio.length < bytes) body = await client.bodyHas(body.length + 1)
  return readIcy(body)
}

/** A title file, and how to change it. */
export interface TitleFile {
  readonly path: string
  /** Writes a title; resolved when the server knows it. */
  play(server: Server, title: string): Promise<void>
}

export function titleFile(t: Test, first?: string): TitleFile {
  const path = join(t.testdir(), 'title.txt')
  let changes = 0
  if (first !== undefined) writeFileSync(path, `${first}\n`)
  return {
    path,
    async play(server, title) {
      changes = Math.max(changes, server.count(TITLE_LINE)) + 1
      writeFileSync(path, `${title}\n`)
      await server.loggedTimes(TITLE_LINE, changes)
    },
  }
}

/** The line of the log about a change of title. */
export const TITLE_LINE = / title stream=/
