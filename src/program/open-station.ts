import type { Logger } from '@logtape/logtape'
import { loadFilter } from '../../filters/load-filter.ts'
import type { Config } from '../config/config.ts'
import type { RingMemory } from '../ring/ring-memory.ts'
import type { OrphanGuard } from '../source/exec/orphan-guard.ts'
import type { Source } from '../source/source.ts'
import { type Station, stationOf, stationOfDirectory } from '../station/station.ts'
import { createTitleFile, followTitleFile } from '../station/title-file.ts'
import { examineFile } from '../stream/examine-file.ts'
import { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import { findSource, type Samples, samplesOf, streamOptions } from './setup.ts'

/** The streams of a configuration. */
export interface OpenedStation {
  readonly station: Station
  readonly samples: Samples | undefined
  /** Directory whose FIFOs are the streams; undefined: there is one stream. */
  readonly directory: string | undefined
  /** Stops watching the title file. */
  forgetTitles(): void
}

/** @throws FilterLoadError, SourceError or UsageError when the filter or the source cannot be created */
export async function openStation(
  config: Config,
  guard: OrphanGuard,
  memory: RingMemory,
  clock: Clock,
  log: Logger,
): Promise<OpenedStation> {
  const samples = samplesOf(config)
  const createFilter = await loadFilter(samples === undefined ? config.frameFilter : 'raw')
  const asStream = streamOptions(config, samples, createFilter, {})
  const found = await findSource(config, (path) => examineFile(path, asStream), guard, clock, log)
  const titleFile = config.titleFile === undefined ? undefined : createTitleFile(config.titleFile, config.tagCharset)
  await titleFile?.look()
  const newStream = (path: string, source: Source) => {
    const options = { ...streamOptions(config, samples, createFilter, source), memory }
    const stream = new Stream(path, source, options, clock, log)
    stream.setTitle(titleFile?.title ?? '')
    return stream
  }
  const station =
    'directory' in found
      ? stationOfDirectory(found.directory, newStream, clock)
      : stationOf(newStream('/', found.source))
  const forgetTitles = titleFile === undefined ? () => {} : followTitleFile(titleFile, station)
  const directory = 'directory' in found ? found.directory : undefined
  return { station, samples, directory, forgetTitles }
}
