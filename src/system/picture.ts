/** Pictures that browsers show: JPEG, PNG and WebP, told apart by their first bytes. */

/** A picture as it is sent. */
export interface Picture {
  readonly type: PictureType
  readonly bytes: Buffer
}

/** Media type. */
type PictureType = 'image/jpeg' | 'image/png' | 'image/webp'

/** Maximum size of a picture, in bytes. A cover of 3000 x 3000 pixels fits. */
export const MAX_PICTURE_BYTES = 4 * 2 ** 20

const JPEG = Buffer.from([0xff, 0xd8, 0xff])
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Returns a picture; undefined when the bytes are of another kind, or too many. */
export function pictureOf(bytes: Buffer): Picture | undefined {
  const type = bytes.length > MAX_PICTURE_BYTES ? undefined : typeOf(bytes)
  return type && { type, bytes }
}

function typeOf(bytes: Buffer): PictureType | undefined {
  if (bytes.subarray(0, JPEG.length).equals(JPEG)) return 'image/jpeg'
  if (bytes.subarray(0, PNG.length).equals(PNG)) return 'image/png'
  return /^RIFF[^]{4}WEBP/.test(bytes.toString('latin1', 0, 12)) ? 'image/webp' : undefined
}
