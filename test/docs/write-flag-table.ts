/** `node dist/test/docs/write-flag-table.js`: renews the table of flags in docs/flags.md. */
import { writeFileSync } from 'node:fs'
import { withFlagTable } from './flag-table.ts'
import { PROJECT, pageOf } from './pages.ts'

writeFileSync(`${PROJECT}docs/flags.md`, withFlagTable(pageOf('flags')))
