/** Writes the stream of the benches to standard output, a frame every 20 ms, until nobody reads it any more. */

import { createFrameClock, FRAME_MS } from './frames.ts'

const framesDue = createFrameClock()
process.stdout.on('error', () => process.exit())
setInterval(() => process.stdout.write(framesDue()), FRAME_MS)
