import type { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import type { Logger } from '@logtape/logtape'
import type { Station } from '../station/station.ts'
import type { Stream } from '../stream/stream.ts'
import { type Origin, setOrigin } from '../transport/origin.ts'
import { createForwardedSockets } from './forwarded-sockets.ts'
import { joinPointOf } from './join-point-of.ts'
import type { ListenerReport, Order, PostedRecord, Report, StreamUpdate, ThreadData } from './messages.ts'
import type { StreamExport } from './stream-export.ts'
import { createSubscriptions } from './subscriptions.ts'

/** One delivery thread, as the main thread sees it. */
export interface WorkerHost {
  /** Resolves with the port when it listens; rejects when it ends before. */
  readonly listening: Promise<number>
  /** Resolves when it has ended, with the reason if it was not told to end. */
  readonly gone: Promise<Error | undefined>
  post(order: Order): void
  /** Makes it stop accepting connections; resolves when all accepted ones are known. */
  shut(): Promise<void>
  /** Ends its listeners, and then the thread. */
  end(): Promise<void>
  /** Number of its listeners of a stream. */
  listeners(stream: Stream): number
  /** Share of the time that it has worked since the last call, from 0 to 1. */
  load(): number
}

/** Parts of the program that all threads share. */
export interface WorkerParts {
  readonly station: Station
  readonly exportOf: (stream: Stream) => StreamExport
  /** Receives a connection that a thread has accepted and does not answer. */
  readonly receive: (socket: Socket) => void
  /** A thread lacks a descriptor for a client, and has no connection that may end for it. */
  noRoomFor(client: string, host: WorkerHost): void
  /** Called when listeners have disconnected, or their thread has ended. */
  listenersLeft(): void
}

/** Maximum bytes of frames that wait for a thread. Above that it gets none, so its listeners skip. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024
/** Time for a thread to end by itself, in milliseconds: a little longer than its listeners have. */
const END_WITHIN_MS = 2_000
/** Reports of a thread that an order has been carried out. */
type Answer = 'shut' | 'ended'
/** The compiled program of a thread, beside this file. */
const PROGRAM = new URL('./thread.js', import.meta.url)

/** Starts a delivery thread. @param thread its number, for the log. */
export function startWorkerHost(
  thread: number,
  settings: Omit<ThreadData, 'thread' | 'taken'>,
  parts: WorkerParts,
  log: Logger,
): WorkerHost {
  const taken = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)
  const takenBytes = new Float64Array(taken)
  let postedBytes = 0
  const workerData: ThreadData = { ...settings, thread, taken }
  // Modules that Node.js preloads (`--import`) are meant for the main thread only.
  const worker = new Worker(PROGRAM, { name: `delivery ${thread}`, workerData, execArgv: [] })
  const post = (order: Order) => worker.postMessage(order)
  const postNews = (news: StreamUpdate) => {
    const isBehind = postedBytes - (takenBytes[0] ?? 0) > MOST_WAITING_BYTES
    const lengths = isBehind ? news.lengths.subarray(0, 0) : news.lengths
    for (const length of lengths) postedBytes += length
    post({ kind: 'news', news: { ...news, lengths } })
  }
  const forwarded = createForwardedSockets((message, memory) => worker.postMessage(message, memory))
  const subscriptions = createSubscriptions((stream) => parts.exportOf(stream), postNews)
  let isEnding = false
  let failure: Error | undefined
  let usage = worker.performance.eventLoopUtilization()
  const waiting: Record<Answer, () => void> = { shut: () => {}, ended: () => {} }

  const gone = new Promise<Error | undefined>((resolve) => {
    worker.on('error', (error) => {
      failure = error
    })
    worker.on('exit', (code) => {
      subscriptions.giveUp()
      forwarded.closeAll()
      parts.listenersLeft()
      for (const done of Object.values(waiting)) done()
      resolve(isEnding ? undefined : (failure ?? new Error(`it has exited with ${code}`)))
    })
  })
  const listening = new Promise<number>((resolve, reject) => {
    worker.on('message', (report: Report) => {
      switch (report.kind) {
        case 'listening':
          return resolve(report.port)
        case 'find':
          return void find(report.ask, report.path)
        case 'log':
          return logRecord(report.record)
        case 'no room':
          return parts.noRoomFor(report.client, host)
        case 'forward':
          return receive(report.id, report.origin)
        case 'forwarded':
          return forwarded.take(report)
        case 'shut':
        case 'ended':
          return waiting[report.kind]()
        default:
          return handle(report)
      }
    })
    void gone.then((why) => reject(why ?? new Error('it was ended')))
  })
  // The caller handles the rejection; without a caller it must not end the program.
  listening.catch(() => {})

  async function find(ask: number, path: string): Promise<void> {
    try {
      const stream = await parts.station.find(path)
      post({ kind: 'found', ask, stream: stream && subscriptions.to(stream) })
    } catch (error) {
      post({ kind: 'not found', ask, why: String(error) })
    }
  }

  function receive(id: number, origin: Origin): void {
    const socket = forwarded.open(id)
    setOrigin(socket, origin)
    parts.receive(socket)
  }

  function handle(report: ListenerReport): void {
    const subscription = subscriptions.get(report.id)
    if (subscription === undefined) return
    if (report.kind === 'join') {
      const joinPoint = joinPointOf(subscription.stream, report.request)
      post({ kind: 'join point', id: report.id, joinPoint })
    } else if (report.kind === 'event') subscription.stream.events.emit({ ...report.event, thread })
    else if (report.kind === 'came') subscription.listenerCame()
    else {
      subscription.listenerLeft()
      parts.listenersLeft()
    }
  }

  function logRecord(record: PostedRecord): void {
    log.emit({ ...record, message: [record.message], rawMessage: record.message })
  }

  const answered = (kind: 'shut' | 'end', answer: Answer) =>
    new Promise<void>((resolve) => {
      waiting[answer] = resolve
      post({ kind })
      void gone.then(() => resolve())
    })
  const host: WorkerHost = {
    listening,
    gone,
    post,
    shut: () => answered('shut', 'shut'),
    async end() {
      isEnding = true
      const tooLong = new Promise((resolve) => setTimeout(resolve, END_WITHIN_MS).unref())
      await Promise.race([answered('end', 'ended'), tooLong])
      await worker.terminate()
    },
    listeners: (stream) => subscriptions.listeners(stream),
    load() {
      const now = worker.performance.eventLoopUtilization()
      const { utilization } = worker.performance.eventLoopUtilization(now, usage)
      usage = now
      return utilization
    },
  }
  return host
}
