import { Worker } from 'node:worker_threads'
import type { Question } from './verifier.ts'

/** Time after which an idle thread ends, in milliseconds: a start takes as long as a comparison, and a thread some MB. */
const IDLE_MS = 10_000
/** The compiled program of the thread, beside this file. */
const PROGRAM = new URL('./password-thread.js', import.meta.url)

/** The thread that compares passwords, one at a time. It runs while there is something to compare, and for a while after. */
export class ComparingThread {
  #worker: Worker | undefined
  #idle: NodeJS.Timeout | undefined

  /** Resolves to whether the password belongs to the hash. @throws when the thread fails */
  async compare(question: Question): Promise<boolean> {
    clearTimeout(this.#idle)
    const worker = this.#worker ?? this.#start()
    worker.ref()
    try {
      return await answerOf(worker, question)
    } finally {
      // An idle thread must not keep the program from its end.
      worker.unref()
      this.#idle = setTimeout(() => this.end(), IDLE_MS).unref()
    }
  }

  /** Ends the thread; the next comparison starts another one. */
  end(): void {
    clearTimeout(this.#idle)
    void this.#worker?.terminate()
    this.#worker = undefined
  }

  #start(): Worker {
    const worker = new Worker(PROGRAM, { name: 'password', execArgv: [] })
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = undefined
    })
    this.#worker = worker
    return worker
  }
}

function answerOf(worker: Worker, question: Question): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const fail = () => settle(() => reject(new Error('no result')))
    const settle = (then: () => void) => {
      worker.off('message', answer).off('error', reject).off('exit', fail)
      then()
    }
    const answer = (isRight: boolean) => settle(() => resolve(isRight))
    worker.once('message', answer).once('error', reject).once('exit', fail)
    worker.postMessage(question)
  })
}
