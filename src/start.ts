/** `npm start`: without flags it plays the demo, at a port that needs no rights. */
import { BUILT_FILES } from './system/built-files.ts'

if (process.argv.length === 2) process.argv.push('-demo', '-address', ':8080')
await import(new URL('program/main.js', BUILT_FILES).href)
