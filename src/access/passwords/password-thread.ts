/** Thread that compares a password with a hash, reports the result and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { matchesHash } from './hashes.ts'
import type { Question } from './verifier.ts'

const { password, hash } = workerData as Question
parentPort?.postMessage(matchesHash(password, hash))
