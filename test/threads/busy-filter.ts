/** The filter `raw` with a delay: for some seconds each chunk takes longer than one core has time for. */
import type { CreateFilter, FrameFilter } from '../../filters/frame-filter.ts'
import { createRaw } from '../../filters/raw.ts'

const SECONDS = 6
const MS_PER_CHUNK = 20

let busyUntil: number | undefined

function beBusy(): void {
  const begin = performance.now()
  busyUntil ??= begin + SECONDS * 1000
  if (begin > busyUntil) return
  for (let now = begin; now < begin + MS_PER_CHUNK; now = performance.now());
}

export const createFilter: CreateFilter = (options) => {
  const raw = createRaw(options)
  const busy: FrameFilter = {
    contentType: raw.contentType,
    get skippedBytes() {
      return raw.skippedBytes
    },
    push(chunk, emit) {
      raw.push(chunk, emit)
      beBusy()
    },
    end: (emit) => raw.end(emit),
  }
  return busy
}
