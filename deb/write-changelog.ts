/**
 * `node write-changelog.js MAINTAINER EPOCH`: writes CHANGELOG.md in the format of Debian changelogs, dated at EPOCH (seconds).
 */
import { readFileSync } from 'node:fs'
import { wrap } from '../src/config/wrap.ts'

/** Maximum length of a line in a Debian changelog, in characters. */
const width = 76

/** @param section of CHANGELOG.md, which begins with the version and has one item for each change. */
function entryOf(section: string, signature: string): string {
  const [title = '', ...body] = section.split('\n')
  const [version = ''] = title.split(' ')
  const changes = body
    .join('\n')
    .split(/^- /m)
    .slice(1)
    .map((item) =>
      wrap(item.trim().split(/\s+/).join(' '), width).map((line, i) => `${i === 0 ? '  * ' : '    '}${line}`),
    )
  return [`streamserve (${version}) stable; urgency=medium`, '', ...changes.flat(), '', signature, ''].join('\n')
}

const [, , maintainer = '', epoch = ''] = process.argv
const signature = ` -- ${maintainer}  ${new Date(Number(epoch) * 1000).toUTCString().replace('GMT', '+0000')}`
const sections = readFileSync('CHANGELOG.md', 'utf8').split(/^## /m).slice(1)
process.stdout.write(sections.map((section) => entryOf(section, signature)).join('\n'))
