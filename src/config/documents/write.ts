/** `node dist/src/config/documents/write.js FOLDER`: writes the man page and the completions, for packages. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readVersion } from '../../system/version.ts'
import { bashCompletion } from './bash-completion.ts'
import { manPage } from './man-page.ts'
import { zshCompletion } from './zsh-completion.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  process.stderr.write('usage: node dist/src/config/documents/write.js FOLDER\n')
  process.exit(2)
}

mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'streamserve.1'), manPage({ version: readVersion(), date: dateOfBuild() }))
writeFileSync(join(folder, 'streamserve.bash'), bashCompletion())
writeFileSync(join(folder, '_streamserve'), zshCompletion())

/** Returns the date of SOURCE_DATE_EPOCH, in seconds, so that two builds of one source are identical; otherwise today. */
function dateOfBuild(): string {
  const epoch = process.env['SOURCE_DATE_EPOCH']
  return (epoch === undefined ? new Date() : new Date(Number(epoch) * 1000)).toISOString().slice(0, 10)
}
