import type { HubFrame, HubKey, HubMessage } from '../../filters/hub/message.ts'

/** Reads the form that filters/hub/message.ts describes, of bytes that are right. @throws when they are not */
export function readMessage(payload: Buffer): HubMessage {
  if (payload.toString('latin1', 0, 4) !== 'SSF1') throw new Error('no message')
  const end = 8 + payload.readUInt32BE(4)
  const head = JSON.parse(payload.toString('utf8', 8, end))
  let at = end
  const take = (bytes: number) => payload.subarray(at, (at += bytes))
  const { k } = head
  const key: HubKey | undefined = k && {
    filter: k.f,
    contentType: k.c,
    format: k.o,
    header: take(k.h),
    preamble: k.p === null ? null : take(k.p),
    title: k.n,
  }
  const titles = new Map<number, string>(head.n ?? [])
  const frames: HubFrame[] = head.l.map((length: number, index: number) => ({
    bytes: take(length),
    durationUs: Array.isArray(head.d) ? head.d[index] : head.d,
    title: titles.get(index),
  }))
  if (at !== payload.length) throw new Error(`${payload.length} bytes, where ${at} were expected`)
  return { epoch: head.e, epochBeganAt: head.w, seq: head.q, us: head.p, sentAt: head.t, frames, key }
}
