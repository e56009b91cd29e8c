import t from 'tap'
import { createFrameFile } from '../../../filters/create-frame-file.ts'
import type { FilePlace } from '../../../filters/frame-file.ts'
import { noise } from '../made-up.ts'

/** The place of a frame of a user's filter, which may have any type, preamble and bytes. */
function placeOf(name: string, preamble: Buffer, header: Buffer = Buffer.alloc(0)): FilePlace {
  const frame = { bytes: noise(500, 1), durationUs: 0 }
  const ring = { first: 0, next: 1, at: (seq: number) => (seq === 0 ? frame : undefined) }
  const frames = { from: 0, header, format: { contentType: name, name }, preamble: () => preamble }
  return { frames, ring, at: 0 }
}

const TYPES = ['audio/mpeg', 'audio/aac', 'audio/flac', 'audio/ogg', 'application/ogg', 'audio/wav', 'text/plain']
const PREAMBLES = [0, 1, 13, 42, 44, 500].map((bytes) => noise(bytes, bytes))

t.test('frames of any filter make a file of these frames', async (t) => {
  for (const type of TYPES) {
    for (const preamble of PREAMBLES) {
      const file = createFrameFile(placeOf(type, preamble))
      const parts = [file?.head ?? Buffer.alloc(0), ...(file?.add([noise(500, 1), noise(3, 2)]) ?? [])]
      t.ok(Buffer.concat(parts).equals(Buffer.concat([preamble, noise(500, 1), noise(3, 2)])), type)
      t.equal(file?.contentType, type)
      t.same(file?.end().patches, [])
    }
  }
})

t.test('bytes that all listeners receive first are in front of a file', async (t) => {
  const file = createFrameFile(placeOf('audio/mpeg', noise(10, 1), noise(20, 2)))
  t.ok(file?.head.equals(Buffer.concat([noise(20, 2), noise(10, 1)])))
})
