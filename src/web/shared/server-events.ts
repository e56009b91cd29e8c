import { Reconnector } from './reconnector.ts'

export interface ServerEventsOptions<News> {
  /** Called with the parsed JSON of each event of the type `message`. */
  readonly news: (news: News) => void
  /** Called once when the connection is lost or silent for too long, until the next event is received. */
  readonly lost: () => void
  /** Silence after which the connection counts as lost, in milliseconds: at least three times the server's interval. */
  readonly silenceMs: number
}

/** Receives the Server-Sent Events at an address as long as the page is open, and reconnects by itself. */
export class ServerEvents<News> {
  readonly #url: string
  readonly #options: ServerEventsOptions<News>
  readonly #reconnector = new Reconnector(
    () => this.#open(),
    () => this.#lost(),
  )
  #source: EventSource | undefined
  #isLost = false

  constructor(url: string, options: ServerEventsOptions<News>) {
    this.#url = url
    this.#options = options
  }

  connect(): void {
    this.#reconnector.connect()
  }

  /** Reconnects at once if the connection is lost. */
  retry(): void {
    this.#reconnector.retry()
  }

  #open(): void {
    this.#source = new EventSource(this.#url)
    this.#source.addEventListener('error', () => this.#reconnector.lose())
    this.#source.addEventListener('message', ({ data }: MessageEvent<string>) => this.#receive(data))
    this.#reconnector.after(this.#options.silenceMs)
  }

  #receive(data: string): void {
    this.#reconnector.succeed()
    this.#reconnector.after(this.#options.silenceMs)
    this.#isLost = false
    this.#options.news(JSON.parse(data) as News)
  }

  #lost(): void {
    this.#source?.close()
    if (!this.#isLost) this.#options.lost()
    this.#isLost = true
  }
}
