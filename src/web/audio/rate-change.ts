/**
 * Converts samples to another rate, on a curve through each four neighbours (Catmull-Rom). Frequencies above half of the new
 * rate are not filtered out, because the sound of microphones contains next to none.
 * @param from @param to rates in Hz
 * @returns a function that converts samples, and emits each result
 */
export function createRateChange(
  from: number,
  to: number,
): (input: Float32Array, emit: (sample: number) => void) => void {
  if (from === to) return copy
  const step = from / to
  /** The four neighbours; the curve goes from `b` to `c`. */
  let [a, b, c, d] = [0, 0, 0, 0]
  /** Position of the next sample from `b`, 0, to `c`, 1; above 1 another neighbour is needed first. */
  let x = 0
  return (input, emit) => {
    for (const sample of input) {
      ;[a, b, c, d] = [b, c, d, sample]
      for (; x < 1; x += step) {
        emit(b + 0.5 * x * (c - a + x * (2 * a - 5 * b + 4 * c - d + x * (3 * (b - c) + d - a))))
      }
      x -= 1
    }
  }
}

function copy(input: Float32Array, emit: (sample: number) => void): void {
  for (const sample of input) emit(sample)
}
