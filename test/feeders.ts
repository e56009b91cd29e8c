/** Small programs for `-exec` whose output a test can check byte by byte, each as the words of a command. */

/** Writes the bytes of 32-bit numbers 0, 1, 2, ... (big-endian), `burst` of them every `everyMs`, `count` at most. */
export function numbers({ everyMs = 10, burst = 16, count = 1e9 } = {}): string[] {
  const script = `
    let n = 0
    const write = () => {
      const size = Math.min(${burst}, ${count} - n)
      const bytes = Buffer.alloc(4 * size)
      for (let i = 0; i < size; i++) bytes.writeUInt32BE(n++, 4 * i)
      process.stdout.write(bytes, () => { if (n < ${count}) setTimeout(write, ${everyMs}) })
    }
    write()`
  return [process.execPath, '-e', script]
}

/** The bytes of `count` numbers from `from` on, as the program above writes them. */
export function numberBytes(from: number, count: number): Buffer {
  const bytes = Buffer.alloc(4 * count)
  for (let i = 0; i < count; i++) bytes.writeUInt32BE(from + i, 4 * i)
  return bytes
}

/** Numbers that a listener received. @throws when the bytes are not a whole number of them. */
export function numbersIn(bytes: Buffer): number[] {
  if (bytes.length % 4 !== 0) throw new Error(`${bytes.length} bytes are no whole numbers`)
  return Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readUInt32BE(at * 4))
}

/** Returns whether each number is its predecessor plus 1. */
export function areConsecutive(values: readonly number[]): boolean {
  return values.every((value, at) => at === 0 || value === (values[at - 1] ?? 0) + 1)
}
