import type { Output } from './output.ts'

/** Tells whoever has just started the demo where to hear it and what to try next. @param address URL that is listened at */
export function greet(address: string, output: Output): void {
  const url = address.replace('0.0.0.0', 'localhost').replace('[::]', 'localhost')
  output.write(`
  Open ${url}/ in a browser, or in a terminal:  ffplay -nodisp ${url}/

  Next, put something of your own on the air:
    npm start -- -address :8080 -exec "arecord -f cd --file-type raw"    the sound card
    npm start -- -address :8080 -exec "ffmpeg -re -i FILE -f mp3 -"       any file, as MP3
    npm start -- -help                                                   all flags

`)
}
