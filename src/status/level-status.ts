import type { SoundLevel } from '../level/level-meters.ts'
import type { StreamStatus } from './report.ts'
import type { Moments } from './timestamps.ts'

/** Returns the level of a stream's sound, in tenths of a decibel. @param sound undefined: it is not measured */
export function levelStatus(
  sound: SoundLevel | undefined,
  moment: Moments,
): Pick<StreamStatus, 'level' | 'silentSince'> {
  const { channels = [], silentSince } = sound ?? {}
  const level = { peak: channels.map(({ peak }) => tenths(peak)), rms: channels.map(({ rms }) => tenths(rms)) }
  return {
    level: channels.length === 0 ? null : level,
    silentSince: silentSince === undefined ? null : moment(silentSince),
  }
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}
