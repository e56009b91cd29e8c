/** Who passes a stream's frames on. */
export interface FrameWatcher {
  /** A frame of so many bytes is in the ring. */
  frameCame(bytes: number): void
  /** All frames that one chunk gave are in the ring. */
  chunkEnded(): void
  /** So long nothing will be passed on, in milliseconds: what comes meanwhile may be read in one go. */
  readonly restMs: number
  /** The frames from here on are of another format than those before. */
  formatChanged(): void
  /** All frames of an opening are in the ring; what comes next may have another header. */
  openingEnded(): void
  /** Nothing can be made of the bytes of the source, for the reason that `why` says in one line; it is tried again later. */
  sourceRefused(why: string): void
  /** No frame will come any more. */
  streamFinished(): void
}
