/** Removes the header from the beginning of an opening. */
export interface HeaderCutter {
  /** The header; undefined until it is complete. */
  readonly header: Buffer | undefined
  /** Takes a chunk. @returns the part after the header. */
  cut(chunk: Buffer): Buffer
}

/** @param headerBytes length of the header; 0: no header. */
export function createHeaderCutter(headerBytes: number): HeaderCutter {
  const parts: Buffer[] = []
  let missing = headerBytes
  let header: Buffer | undefined = headerBytes === 0 ? Buffer.alloc(0) : undefined
  return {
    get header() {
      return header
    },
    cut(chunk) {
      if (missing === 0) return chunk
      const part = chunk.subarray(0, missing)
      parts.push(part)
      missing -= part.length
      if (missing === 0) header = Buffer.concat(parts)
      return chunk.subarray(part.length)
    },
  }
}
