/** Observer of a stream's frames and of the events around them. */
export interface FrameWatcher {
  /** A frame of `bytes` bytes is in the ring. */
  frameCame(bytes: number): void
  /** All frames of one chunk are in the ring. */
  chunkEnded(): void
  /** Milliseconds until the next delivery round; the source need not be read before. */
  readonly pauseMs: number
  /** The following frames have another format than those before. */
  formatChanged(): void
  /** All frames of an opening are in the ring; the next opening may have another header. */
  openingEnded(): void
  /** The source's bytes are not usable; `why` gives the reason in one line. The source is retried later. */
  sourceRefused(why: string): void
  /** There will be no more frames. */
  streamFinished(): void
}
