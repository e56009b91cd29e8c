import { createAacAdts } from './aac/adts.ts'
import { createAuto } from './auto/auto.ts'
import { createFlac } from './flac/flac.ts'
import type { CreateFilter } from './frame-filter.ts'
import { createMp3 } from './mpeg/mp3.ts'
import type { FilterName } from './names.ts'
import { createOgg } from './ogg/ogg.ts'
import { createRaw } from './raw.ts'
import { createWav } from './wav/wav.ts'

const CREATORS: Readonly<Record<FilterName, CreateFilter>> = {
  auto: createAuto,
  raw: createRaw,
  mp3: createMp3,
  'aac-adts': createAacAdts,
  wav: createWav,
  ogg: createOgg,
  flac: createFlac,
}

/** All built-in filters, by their names. */
export const FILTERS: ReadonlyMap<string, CreateFilter> = new Map(Object.entries(CREATORS))
