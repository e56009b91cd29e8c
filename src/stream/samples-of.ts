import type { Samples } from '../plan/stream-plan.ts'
import type { ServedStream } from './served-stream.ts'

/** Returns the format of a stream's frames as raw samples; undefined when they are not raw, or their format is not known. */
export function samplesOf({ isRaw, plan }: Pick<ServedStream, 'isRaw' | 'plan'>): Samples | undefined {
  return isRaw ? plan.ingest.samples : undefined
}
