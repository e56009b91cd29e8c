/** Functions of files that most starts need. `node:fs/promises` has them too, and loads half a megabyte for what else it has. */

import { access as accessFile, stat as statFile } from 'node:fs'
import { promisify } from 'node:util'

export const access = promisify(accessFile)
export const stat = promisify(statFile)
