/** Media types that players accept for the bytes of a filter, by the filter's own. */
const ACCEPTED: ReadonlyMap<string, RegExp> = new Map([
  ['audio/mpeg', /^audio\/(?:x-)?(?:mpeg|mp3|mpeg3|mpg|mpegaudio)$/],
  ['audio/aac', /^audio\/(?:x-)?(?:aac|aacp|hx-aac-adts)$/],
  ['audio/ogg', /^(?:audio|video|application)\/(?:x-)?ogg$|^audio\/(?:opus|vorbis)$/],
  ['application/ogg', /^(?:audio|video|application)\/(?:x-)?ogg$/],
  ['audio/flac', /^(?:audio|application)\/(?:x-)?flac$/],
  ['audio/wav', /^audio\/(?:x-|vnd\.)?wave?$/],
])
/** Types by which a player knows nothing. */
const UNSPECIFIC = /^(?:application\/octet-stream|binary\/octet-stream|\*\/\*)$/

/**
 * Compares the media type of an answer with its bytes.
 * @param stated as the server states it; undefined: it does not @param found that of the filter that has found the frames
 */
export function judgeMediaType(stated: string | undefined, found: string): 'fits' | 'wrong' | 'missing' {
  const [type = ''] = (stated ?? '').toLowerCase().split(';', 1)
  if (type.trim() === '' || UNSPECIFIC.test(type.trim())) return 'missing'
  const [own = ''] = found.split(';', 1)
  return ACCEPTED.get(own)?.test(type.trim()) === true ? 'fits' : 'wrong'
}
