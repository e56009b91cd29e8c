/**
 * count.js [FOLDER ...]: lists comments with a counted idiom, and prints their share. Exits with 1 when that is too high. The
 * default is all folders with code.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { commentsOf, idiomsIn } from './idioms.ts'

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url))
const FOLDERS = ['src', 'filters', 'bench', 'test', 'deb']
/** Minimum length of a counted comment, in characters. Shorter ones have too little content. */
const SHORTEST = 9
/** Maximum share of comments with an idiom, in percent. */
const MAX_PERCENT = 5

const folders = process.argv.slice(2)
let [all, counted] = [0, 0]
for (const folder of folders.length > 0 ? folders : FOLDERS) {
  for (const name of readdirSync(PROJECT + folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!/\.(ts|js|c|h)$/.test(name)) continue
    const path = `${folder}/${name}`
    for (const { line, text } of commentsOf(readFileSync(PROJECT + path, 'utf8'))) {
      if (text.length < SHORTEST) continue
      all++
      const idioms = idiomsIn(text)
      if (idioms.length === 0) continue
      counted++
      console.log(`${path}:${line}: ${idioms.join(', ')}: ${text}`)
    }
  }
}
const percent = (100 * counted) / all
console.log(`${counted} of ${all} comments, ${percent.toFixed(1)} %, maximum ${MAX_PERCENT} %`)
if (percent > MAX_PERCENT) process.exitCode = 1
