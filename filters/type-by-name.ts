/** Media types of the supported formats, by file extension. */
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

/** @returns the media type that a file name, or the name of a format, suggests; undefined when it suggests none. */
export function typeByName(name: string): string | undefined {
  return TYPES.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase())
}
