import type { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import type { Logger } from '@logtape/logtape'
import type { ListenGate } from '../access/listen-gate.ts'
import type { CountRefusal } from '../access/refusal-counts.ts'
import type { Stream } from '../stream/stream.ts'
import type { AccessLog } from '../transport/exchange.ts'
import { type Origin, setPassedOn } from '../transport/origin.ts'
import { createForwardedSockets, type ForwardedSockets } from './forwarded-sockets.ts'
import { createLoadMeter } from './load-meter.ts'
import type { Order, PostedRecord, Report, ThreadData } from './messages.ts'
import { WorkerListeners } from './worker-listeners.ts'
import { type StreamParts, WorkerStreams } from './worker-streams.ts'

/** Parts of the program that all threads share. */
export interface WorkerParts extends StreamParts {
  /** Receives a connection that a thread has accepted and does not answer. */
  readonly receive: (socket: Socket) => void
  readonly countRefusal: CountRefusal
  /** Decides which clients may listen. */
  readonly gate: ListenGate
  readonly accessLog?: AccessLog | undefined
  /** A thread lacks a descriptor for a client, and has no connection that may end for it. */
  noRoomFor(client: string, host: WorkerHost): void
}

/** Time for a thread to end by itself, in milliseconds: a little longer than its listeners have. */
const END_WITHIN_MS = 2_000
/** Reports of a thread that an order has been carried out. */
type Answer = 'shut' | 'ended'
/** The compiled program of a thread, beside this file. */
const PROGRAM = new URL('./thread.js', import.meta.url)

/** One delivery thread, as the main thread sees it. */
export class WorkerHost {
  /** Resolves with the port when it listens; rejects when it ends before. */
  readonly listening: Promise<number>
  /** Resolves when it has ended, with the reason if it was not told to end. */
  readonly gone: Promise<Error | undefined>
  /** Returns the share of the time that it has worked since the last call, from 0 to 1. */
  readonly load: () => number
  readonly #parts: WorkerParts
  readonly #log: Logger
  readonly #worker: Worker
  readonly #forwarded: ForwardedSockets
  readonly #streams: WorkerStreams
  readonly #listeners: WorkerListeners
  readonly #waiting: Record<Answer, () => void> = { shut: () => {}, ended: () => {} }
  #isEnding = false
  #failure: Error | undefined

  /** See `ThreadData`. */
  readonly slot: number

  /** Starts the thread. @param thread its number, for the log. */
  constructor(thread: number, settings: Omit<ThreadData, 'thread' | 'taken'>, parts: WorkerParts, log: Logger) {
    const taken = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)
    const workerData: ThreadData = { ...settings, thread, taken }
    // Modules that Node.js preloads (`--import`) are meant for the main thread only.
    const worker = new Worker(PROGRAM, { name: `delivery ${thread}`, workerData, execArgv: [] })
    this.slot = settings.slot
    this.#parts = parts
    this.#log = log
    this.#worker = worker
    this.#forwarded = createForwardedSockets((message, memory) => worker.postMessage(message, memory))
    this.#streams = new WorkerStreams(thread, taken, parts, (order) => this.post(order))
    this.#listeners = new WorkerListeners(parts.gate, (order) => this.post(order))
    this.load = createLoadMeter(worker.performance)
    this.gone = this.#whenGone()
    this.listening = this.#whenListening()
    // The caller handles the rejection; without a caller it must not end the program.
    this.listening.catch(() => {})
  }

  post(order: Order): void {
    this.#worker.postMessage(order)
  }

  /** Makes it stop accepting connections; resolves when all accepted ones are known. */
  shut(): Promise<void> {
    return this.#answered('shut', 'shut')
  }

  /** Ends its listeners, and then the thread. */
  async end(): Promise<void> {
    this.#isEnding = true
    const tooLong = new Promise((resolve) => setTimeout(resolve, END_WITHIN_MS).unref())
    await Promise.race([this.#answered('end', 'ended'), tooLong])
    await this.#worker.terminate()
  }

  /** Number of its listeners of a stream. */
  listeners(stream: Stream): number {
    return this.#streams.listeners(stream)
  }

  #whenGone(): Promise<Error | undefined> {
    return new Promise((resolve) => {
      this.#worker.on('error', (error) => {
        this.#failure = error
      })
      this.#worker.on('exit', (code) => {
        this.#cleanUp()
        resolve(this.#isEnding ? undefined : (this.#failure ?? new Error(`it has exited with ${code}`)))
      })
    })
  }

  #cleanUp(): void {
    this.#streams.giveUp()
    this.#listeners.giveUp()
    this.#forwarded.closeAll()
    this.#parts.listenersLeft()
    for (const done of Object.values(this.#waiting)) done()
  }

  #whenListening(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#worker.on('message', (report: Report) => {
        if (report.kind === 'listening') resolve(report.port)
        else this.#handle(report)
      })
      void this.gone.then((why) => reject(why ?? new Error('it was ended')))
    })
  }

  #handle(report: Exclude<Report, { kind: 'listening' }>): void {
    switch (report.kind) {
      case 'find':
        return void this.#streams.find(report.ask, report.path)
      case 'log':
        return this.#logRecord(report.record)
      case 'no room':
        return this.#parts.noRoomFor(report.client, this)
      case 'accessed':
        return this.#parts.accessLog?.add(report.lines)
      case 'refused':
        return this.#parts.countRefusal(report.cause)
      case 'may listen':
        return void this.#listeners.ask(this.#streams.get(report.stream), report.question)
      case 'gone':
        return this.#listeners.leave(report.listener)
      case 'forward':
        return this.#receive(report.id, report.origin)
      case 'forwarded':
        return this.#forwarded.take(report)
      case 'shut':
      case 'ended':
        return this.#waiting[report.kind]()
      default:
        return this.#streams.handle(report)
    }
  }

  #receive(id: number, origin: Origin): void {
    const socket = this.#forwarded.open(id)
    setPassedOn(socket, origin)
    this.#parts.receive(socket)
  }

  #logRecord(record: PostedRecord): void {
    this.#log.emit({ ...record, message: [record.message], rawMessage: record.message })
  }

  /** Posts an order. @returns resolves when the thread has carried it out, or has ended. */
  #answered(kind: 'shut' | 'end', answer: Answer): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting[answer] = resolve
      this.post({ kind })
      void this.gone.then(() => resolve())
    })
  }
}
