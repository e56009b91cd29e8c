/** `node dist/test/write-flag-table.js`: renews the table of flags in README.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { withFlagTable } from './flag-table.ts'

const file = fileURLToPath(new URL('../../README.md', import.meta.url))
writeFileSync(file, withFlagTable(readFileSync(file, 'utf8')))
