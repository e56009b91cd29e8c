/** Filter `wav` under load: for some seconds one core is not enough for the CPU time of its chunks. */
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { createWav } from '../../filters/wav/wav.ts'
import { createFilter as createBusy } from '../threads/busy-filter.ts'

const NOTHING = Buffer.alloc(1)

export const createFilter: CreateFilter = (options) => {
  const wav = createWav(options)
  const busy = createBusy(options)
  const push = wav.push.bind(wav)
  wav.push = (chunk, emit) => {
    push(chunk, emit)
    busy.push(NOTHING, () => {})
  }
  return wav
}
