import { mpegFrameBytes } from '../../filters/mpeg/header.ts'

/** Cuts off an incomplete last frame. @throws when the bytes are anything but consecutive frames */
export function wholeFrames(bytes: Buffer): Buffer {
  let end = 0
  while (end + 4 <= bytes.length) {
    const frameBytes = mpegFrameBytes(bytes, end)
    if (frameBytes === 0) throw new Error(`no frame begins at ${end}`)
    if (end + frameBytes > bytes.length) break
    end += frameBytes
  }
  return bytes.subarray(0, end)
}
