import { extname } from 'node:path'

/** Extensions of supported formats, in lower case. */
const SOUND = withDots('mp3 mp2 mp1 mpa mpga aac adts ogg oga opus spx flac wav wave w64 aif aiff aifc au snd')
/** Extensions of sound, or of films with sound, that cannot be played unconverted. */
const OTHER_SOUND = withDots(
  'm4a m4b m4r m4p mp4 m4v 3gp 3ga mov alac wma asf wmv caf ape mpc mp+ wv tta tak shn ofr dsf dff ac3 eac3 dts amr awb',
  'gsm qcp ra rm ram mka mkv webm weba flv avi ts m2ts mpg mpeg mod xm s3m it mid midi voc latm loas',
)
/** Extensions of unsupported lists. */
const OTHER_LISTS = withDots('xspf asx wax wvx wpl zpl b4s smil jspf')

function withDots(...extensions: readonly string[]): ReadonlySet<string> {
  return new Set(
    extensions
      .join(' ')
      .split(' ')
      .map((extension) => `.${extension}`),
  )
}

function extensionOf(name: string): string {
  return extname(name).toLowerCase()
}

/** Whether a file may be playable sound, by its name. */
export function isSound(name: string): boolean {
  return SOUND.has(extensionOf(name))
}

/** Returns the extension of a sound file that cannot be played, such as `.m4a`; undefined for any other file. */
export function otherSound(name: string): string | undefined {
  const extension = extensionOf(name)
  return OTHER_SOUND.has(extension) ? extension : undefined
}

/** Returns why a file named by the user cannot be played, as text that follows its name; undefined when it may be playable. */
export function whyUnfit(name: string): string | undefined {
  const extension = extensionOf(name)
  if (extension === '.cue') return 'is a cue sheet: name the sound file that it describes'
  if (OTHER_LISTS.has(extension)) return `is a list of a kind that is not read: save it as .m3u8 or .pls`
  if (otherSound(name) === undefined) return undefined
  return `cannot be played as it is (MP3, AAC, Ogg, FLAC and WAV can): use -exec "ffmpeg -v error -re -i FILE -vn -f mp3 -"`
}
