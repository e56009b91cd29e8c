import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Client } from '../../client.ts'
import type { Server } from '../../streamserve.ts'

/** Bytes between two blocks: the value of `icy-metaint`. */
export const INTERVAL = 16_000

/** Request field that enables titles. */
export const ICY_FIELD = 'Icy-MetaData: 1\r\n'

/** A body whose metadata have been extracted, as by a player. */
export interface IcyBody {
  readonly audio: Buffer
  /** Texts of blocks that are not empty, each with the number of bytes of audio before it. */
  readonly blocks: readonly (readonly [at: number, text: string])[]
}

/** Parses a body; its last block may be incomplete. */
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

/** A block is padded with zeros to a multiple of 16, and no further. */
function textOf(block: Buffer): string {
  const end = block.indexOf(0)
  const text = end < 0 ? block : block.subarray(0, end)
  if (block.length - text.length > 15 || block.subarray(text.length).some((byte) => byte !== 0)) {
    throw new Error(`no metadata: ${block.toString('hex')}`)
  }
  return text.toString()
}

/** Resolves with the body when this number of bytes of audio has arrived. */
export async function audioHas(client: Client, bytes: number): Promise<IcyBody> {
  let body = await client.bodyHas(bytes)
  while (readIcy(body).audio.length < bytes) body = await client.bodyHas(body.length + 1)
  return readIcy(body)
}

/** A title file, and functions to change it. */
export interface TitleFile {
  readonly path: string
  /** Writes a title; resolves when the server has read it. */
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

/** The log line of a title change. */
export const TITLE_LINE = / title changed stream=/
