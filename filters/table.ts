import { createAacAdts } from './aac/adts.ts'
import { createAuto } from './auto/auto.ts'
import { createFlac } from './flac/flac.ts'
import type { CreateFilter } from './frame-filter.ts'
import { createMp3 } from './mpeg/mp3.ts'
import { createOgg } from './ogg/ogg.ts'
import { createRaw } from './raw.ts'
import { createWav } from './wav/wav.ts'

/** A built-in filter. */
export interface FilterEntry {
  readonly create: CreateFilter
  /** Description in one line. */
  readonly help: string
}

/** All built-in filters, by their names for `-frame-filter`. */
export const FILTERS: ReadonlyMap<string, FilterEntry> = new Map([
  ['auto', { create: createAuto, help: 'detects mp3, aac-adts, wav, ogg and flac by the first bytes; otherwise raw' }],
  ['raw', { create: createRaw, help: 'any bytes, in frames of -frame-bytes' }],
  ['mp3', { create: createMp3, help: 'MPEG audio: MP3, and Layers I and II' }],
  ['aac-adts', { create: createAacAdts, help: 'AAC in ADTS frames' }],
  ['wav', { create: createWav, help: 'RIFF, RF64, RIFX, Wave64, AIFF, AU; listeners receive endless WAV' }],
  ['ogg', { create: createOgg, help: 'pages of Ogg: Opus, Vorbis, FLAC' }],
  ['flac', { create: createFlac, help: 'FLAC, not in Ogg' }],
])

/** Names of all built-in filters. */
export const filterNames: readonly string[] = [...FILTERS.keys()]
