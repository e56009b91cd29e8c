import { readFileSync } from 'node:fs'

/** A sound card with an input. */
export interface CaptureCard {
  /** Name for ALSA's `CARD=`, such as `Device`. */
  readonly id: string
  /** Name for people, such as `USB Audio Device`. */
  readonly name: string
}

/** Returns the sound cards of this machine that have an input; none on a system without ALSA. @param folder for tests */
export function captureCards(folder = '/proc/asound'): CaptureCard[] {
  try {
    // ` 1 [Device         ]: USB-Audio - USB Audio Device`
    const cards = readFileSync(`${folder}/cards`, 'utf8').matchAll(/^ *(\d+) \[(\S+) *\]: .*? - (.*)$/gm)
    // `01-00: USB Audio : USB Audio : playback 1 : capture 1`
    const inputs = readFileSync(`${folder}/pcm`, 'utf8').matchAll(/^(\d+)-\d+:.* : capture \d+/gm)
    const numbers = new Set(Array.from(inputs, ([, number]) => Number(number)))
    return Array.from(cards, ([, number, id = '', name = '']) => ({ number: Number(number), id, name: name.trim() }))
      .filter(({ number }) => numbers.has(number))
      .map(({ id, name }) => ({ id, name }))
  } catch {
    return []
  }
}
