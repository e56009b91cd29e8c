/** A file with sections: many streams. */

import { refuseProgramConflicts } from './conflicts.ts'
import { collectErrors } from './error-list.ts'
import type { ConfigFile } from './file/config-file.ts'
import type { Section } from './file/section.ts'
import type { Given } from './given.ts'
import { makeConfig } from './make-config.ts'
import { namesSource } from './named-source.ts'
import { refuseReferences } from './references.ts'
import { placedInSection, SOURCE_FLAGS, sectionConfig } from './section-settings.ts'
import type { Configuration, StreamSettings } from './settings.ts'
import { refuseSharedRecordings } from './shared-recordings.ts'
import { UsageError } from './usage-error.ts'

/**
 * Merges each section with the head. A head that names a source is the stream at `/`.
 * @param head options of the head and of the command line, merged. @param typed those of the command line alone
 * @throws UsageError about the first mistake, with the further ones
 */
export function stationSettings(file: ConfigFile, head: Given, typed: Given): Configuration {
  const config = makeConfig(head)
  return collectErrors((errors) => {
    errors.try(() => placedInSection(file.head, typed, () => refuseProgramConflicts(config)))
    const streams = file.sections.flatMap((section): StreamSettings[] => {
      const own = errors.try(() => sectionConfig(section, head))
      return own === undefined ? [] : [{ path: section.path ?? '', place: placeOf(section), config: own }]
    })
    const root = namesSource(config) ? errors.try(() => rootOf(file, head, typed)) : undefined
    const all = root === undefined ? streams : [root, ...streams]
    refuseReferences(all, file.sections, errors)
    refuseSharedRecordings(all, file.sections, errors)
    return { config, streams: all, isStation: true }
  })
}

function placeOf({ file, line }: Pick<Section, 'file' | 'line'>): string {
  return `${file}:${line}`
}

/** Returns the stream at `/`, whose source the head or the command line names. */
function rootOf(file: ConfigFile, head: Given, typed: Given): StreamSettings {
  const { head: section } = file
  const [sourceLine] = [...SOURCE_FLAGS].flatMap((flag) =>
    typed.values.has(flag) ? [] : (section.lines.get(flag) ?? []),
  )
  const place = sourceLine === undefined ? undefined : `${section.file}:${sourceLine}`
  const other = file.sections.find(({ path }) => path === '/')
  if (other !== undefined) {
    const first = place === undefined ? 'the command line' : `line ${sourceLine} of ${section.file}`
    throw new UsageError(
      `${placeOf(other)}: [/] is repeated: ${first} already names the source of the stream at /`,
      'config',
      '/',
    )
  }
  const values = head.values
  return { path: '/', place, config: sectionConfig({ ...section, path: '/', values, command: head.command }, head) }
}
