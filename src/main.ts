#!/usr/bin/env node
/**
 * The command. It loads what its arguments ask for, and nothing else. Further imports are dynamic because static ones are all loaded
 * before any code runs.
 */
import './system/check-node.js'
import { answerText } from './program/answer-text.ts'
import { textRequestOf } from './program/text-request.ts'
import { keepCompiledCode } from './system/compile-cache.ts'
import { mapFatalErrors } from './system/mapped-stack.ts'

const args = process.argv.slice(2)
const text = textRequestOf(args)
mapFatalErrors()
if (text === undefined) {
  keepCompiledCode()
  const { run } = await import('./program/run.ts')
  await run(args)
} else await answerText(text)
