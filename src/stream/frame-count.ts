/** Numbers of frames sent to listeners and skipped for them. */
export interface FrameCount {
  framesSent: number
  framesSkipped: number
}

/** Adds the counts of one or more listeners. */
export function addFrames(to: FrameCount, { framesSent, framesSkipped }: Readonly<FrameCount>): void {
  to.framesSent += framesSent
  to.framesSkipped += framesSkipped
}
