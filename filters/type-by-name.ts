/** Media types of the formats that filters find, by the ends of file names. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['mp3', 'audio/mpeg'],
  ['mp2', 'audio/mpeg'],
  ['mpga', 'audio/mpeg'],
  ['aac', 'audio/aac'],
  ['adts', 'audio/aac'],
  ['ogg', 'audio/ogg'],
  ['oga', 'audio/ogg'],
  ['opus', 'audio/ogg'],
  ['flac', 'audio/flac'],
  ['wav', 'audio/wav'],
])

/** @returns the media type that a file's name, or the name of its format, speaks for; undefined when it says nothing. */
export function typeByName(name: string): string | undefined {
  return TYPES.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase())
}
