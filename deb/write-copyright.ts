/** `node write-copyright.js`: writes Debian's copyright file (DEP-5), with every shipped package. */
import { licenceOf, pointerTo } from './licence-of.ts'
import { shippedPackages } from './shipped-packages.ts'

/** A paragraph about a set of files. */
interface Stanza {
  readonly files: string[]
  readonly comment: string[]
  readonly holders: readonly string[]
  readonly name: string
  readonly text: string
}

const own: Stanza = {
  files: ['*'],
  comment: [],
  holders: ['the authors of streamserve'],
  name: 'Apache-2.0',
  text: pointerTo('Apache-2.0'),
}

const node: Stanza = {
  files: ['usr/libexec/streamserve/node'],
  comment: ['Node.js, with the libraries that it contains.'],
  holders: ['Node.js contributors, Joyent, Inc. and other Node contributors, and the authors of the libraries in it'],
  name: 'Expat-and-others',
  text: 'The terms of Node.js and of every library in it are in /usr/share/doc/streamserve/node-licences.gz.',
}

const bundled: Stanza = {
  files: ['usr/lib/streamserve/dist/program/*'],
  comment: ['The program, with the npm packages that it contains.'],
  holders: ['the authors of streamserve, and the authors of the packages in it'],
  name: 'Apache-2.0-and-others',
  text: 'The terms of streamserve are those of the Apache License 2.0, and those of every package in it are in /usr/share/doc/streamserve/bundled-licences.gz.',
}

const hlsJs: Stanza = {
  files: ['usr/lib/streamserve/dist/pages/hls.light.js*'],
  comment: ['hls.js, in one file.'],
  holders: ['2017 Dailymotion', '2013-2015 Brightcove'],
  name: 'Apache-2.0',
  text: pointerTo('Apache-2.0'),
}

/** Packages with the same holders and text share a paragraph. */
function packageStanzas(): readonly Stanza[] {
  const stanzas = new Map<string, Stanza>()
  for (const shipped of shippedPackages()) {
    const { holders, name, text } = licenceOf(shipped)
    const key = JSON.stringify([holders, text])
    const stanza = stanzas.get(key) ?? { files: [], comment: [], holders, name, text }
    stanza.files.push(`usr/share/streamserve/${placeOf(shipped.path)}/*`)
    stanza.comment.push(`${shipped.path.replace('node_modules/', '')} ${shipped.version}`)
    stanzas.set(key, stanza)
  }
  return [...stanzas.values()]
}

/** Path of a package as copy-packages.ts installs it. */
function placeOf(path: string): string {
  return path.replace(/^node_modules\/(.+)\/node_modules\//, 'within/$1/')
}

function paragraph({ files, comment, holders, name, text }: Stanza): string {
  return [
    field('Files', files),
    field('Copyright', holders),
    `License: ${name}\n${folded(text)}`,
    ...(comment.length > 0 ? [field('Comment', comment)] : []),
  ].join('\n')
}

function field(name: string, [first = '', ...rest]: readonly string[]): string {
  return [`${name}: ${first}`, ...rest.map((line) => ` ${line}`)].join('\n')
}

/** Indents each line by a blank; an empty line becomes a full stop. */
function folded(text: string): string {
  return text
    .split('\n')
    .map((line) => ` ${line.trimEnd() || '.'}`)
    .join('\n')
}

const head = 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: streamserve'
console.log([head, ...[own, node, bundled, hlsJs, ...packageStanzas()].map(paragraph)].join('\n\n'))
