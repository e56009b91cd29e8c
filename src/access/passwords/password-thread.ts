/** Thread that compares passwords with hashes, and reports each result. */
import { parentPort } from 'node:worker_threads'
import { matchesHash } from './hashes.ts'
import type { Question } from './verifier.ts'

parentPort?.on('message', ({ password, hash }: Question) => parentPort?.postMessage(matchesHash(password, hash)))
