/**
 * Goes over to another rate, sample by sample, on a curve through each four neighbours (Catmull-Rom). For microphones: what is
 * above half the new rate is not filtered out, and there is next to nothing of it.
 * @param from @param to rates in Hz
 * @returns takes samples and emits those that they make
 */
export function createRateChange(
  from: number,
  to: number,
): (input: Float32Array, emit: (sample: number) => void) => void {
  if (from === to) return copy
  const step = from / to
  /** The four neighbours; the curve goes from `b` to `c`. */
  let [a, b, c, d] = [0, 0, 0, 0]
  /** Where the next sample lies between `b` and `c`: from 0 to 1, and more when the next neighbour must come first. */
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
