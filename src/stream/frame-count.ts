/** What became of the frames that listeners were to get. */
export interface FrameCount {
  framesSent: number
  framesSkipped: number
}

/** Adds what one listener, or several, got and missed. */
export function addFrames(to: FrameCount, { framesSent, framesSkipped }: Readonly<FrameCount>): void {
  to.framesSent += framesSent
  to.framesSkipped += framesSkipped
}
