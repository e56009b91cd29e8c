import { NewTitle } from '../new-title.ts'
import { type Source, type SourceConnection, SourceError } from '../source.ts'
import type { Listen, StreamListener } from './listen.ts'

/** Stream that a source reads. */
export interface Origin {
  /** Its path. */
  readonly path: string
  /** Form of raw samples; undefined: the default of that stream. */
  readonly form: 'wav' | 'raw' | undefined
}

/** Makes a source of the bytes of another stream, as its listeners get them. It is one of them while it is open. */
export function createFromSource({ path, form }: Origin, listen: Listen): Source {
  return {
    label: form === undefined ? path : `${path}?${form}`,
    patient: true,
    async open(signal) {
      const bytes = new StreamBytes(signal)
      bytes.listener = await listen(path, form, bytes.changed)
      return bytes.connection(path)
    },
  }
}

/** The bytes of one listener, as a connection of a source. */
class StreamBytes {
  listener: StreamListener | undefined
  readonly #signal: AbortSignal
  #wake: () => void = () => {}
  readonly #title = new NewTitle()
  readonly changed = (): void => this.#wake()

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  connection(path: string): SourceConnection {
    return {
      chunks: this.#chunks(),
      waitsFor: this.listener?.hasPieces === true ? undefined : 'stream',
      about: {},
      peer: { kind: 'stream', name: path, about: this.listener?.about ?? {} },
      takeTitle: () => this.#title.take(),
    }
  }

  async *#chunks(): AsyncGenerator<Buffer> {
    this.#signal.addEventListener('abort', this.changed)
    try {
      while (!this.#signal.aborted) {
        const piece = this.listener?.take()
        if (piece !== undefined) {
          this.#title.set(piece.title)
          yield piece.bytes
        } else if (this.#isOver()) return
        else await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } finally {
      this.#signal.removeEventListener('abort', this.changed)
      this.listener?.leave()
    }
  }

  /** @throws SourceError when the bytes of the other stream are not usable */
  #isOver(): boolean {
    const over = this.listener?.over
    if (over?.isRefusal === true) throw new SourceError(over.reason)
    return over !== undefined
  }
}
