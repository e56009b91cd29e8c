/**
 * A quiet melody that loops without a gap, for systems that have neither a sound card nor a sound file.
 * Each note is a soft pluck: three partials under a short attack and a long decay.
 */

/** Frames (one sample for each of two channels) per second. */
export const MELODY_RATE = 44_100
const CHANNELS = 2
const STEP_SECONDS = 0.27
/** Duration after which a note is inaudible, in seconds. */
const NOTE_SECONDS = 2.6

/** Semitones above A3, one per step; four bars of eight steps, twice. `null` is a rest. */
const TUNE: readonly (number | null)[] = [
  [12, 7, 15, 12, 19, null, 15, 12],
  [8, 3, 12, 8, 15, null, 12, 10],
  [3, 7, 10, 15, 19, null, 22, 19],
  [10, 5, 14, 10, 17, 15, 14, 10],
  [12, 7, 15, 19, 24, null, 22, 19],
  [8, 12, 15, 20, 19, null, 15, 12],
  [3, 10, 15, 19, 22, 19, 15, 10],
  [10, 14, 17, 14, 10, null, 5, null],
].flat()
/** A low note under each bar. */
const BASS: readonly number[] = [-12, -16, -9, -14, -12, -16, -9, -14]

interface Note {
  readonly startsAt: number
  readonly hertz: number
  readonly level: number
  /** 0: left, 1: right. */
  readonly pan: number
}

const BAR_STEPS = TUNE.length / BASS.length
const LOOP_SECONDS = TUNE.length * STEP_SECONDS
const NOTES: readonly Note[] = [
  ...TUNE.flatMap((semitone, step) => (semitone === null ? [] : [note(semitone, step, 0.24, 0.3 + 0.4 * (step % 2))])),
  ...BASS.map((semitone, bar) => note(semitone, bar * BAR_STEPS, 0.3, 0.5)),
]

function note(semitone: number, step: number, level: number, pan: number): Note {
  return { startsAt: step * STEP_SECONDS, hertz: 220 * 2 ** (semitone / 12), level, pan }
}

/**
 * Frames that are computed together, of 10 ms: notes begin and end between two blocks, and a block is the same in each round of the
 * loop, whatever is rendered with it.
 */
const BLOCK = MELODY_RATE / 100
const LOOP_BLOCKS = Math.round((LOOP_SECONDS * MELODY_RATE) / BLOCK)
const NOTE_BLOCKS = Math.round((NOTE_SECONDS * MELODY_RATE) / BLOCK)
const ATTACK_SECONDS = 0.006
const RELEASE_SECONDS = 0.2
/** Multiples of a note's frequency, with their level and how fast they decay, per second. */
const PARTIALS = [
  { multiple: 1, level: 1, decay: 1.7 },
  { multiple: 2, level: 0.35, decay: 4.7 },
  { multiple: 3, level: 0.12, decay: 7.7 },
] as const

// One of each, because the garbage collector would free arrays of each block after tens of MB only.
const tone = new Float64Array(BLOCK)
const left = new Float64Array(BLOCK)
const right = new Float64Array(BLOCK)

/** Renders `frames` frames from frame `from` on: 16 bit little-endian, left and right in turn. */
export function renderMelody(from: number, frames: number): Buffer {
  const samples = Buffer.alloc(frames * CHANNELS * 2)
  for (let at = 0; at < frames; ) {
    const inBlock = (from + at) % BLOCK
    const count = Math.min(BLOCK - inBlock, frames - at)
    mixBlock(Math.floor((from + at) / BLOCK) % LOOP_BLOCKS)
    for (let i = 0; i < count; i++) {
      samples.writeInt16LE(toSample(left[inBlock + i] ?? 0), (at + i) * 4)
      samples.writeInt16LE(toSample(right[inBlock + i] ?? 0), (at + i) * 4 + 2)
    }
    at += count
  }
  return samples
}

/** @param block its number in the loop */
function mixBlock(block: number): void {
  left.fill(0)
  right.fill(0)
  for (const played of NOTES) {
    const startsAt = Math.round((played.startsAt * MELODY_RATE) / BLOCK)
    // A note at the end of the loop still sounds at its beginning.
    const age = (block - startsAt + LOOP_BLOCKS) % LOOP_BLOCKS
    if (age < NOTE_BLOCKS) addNote(played, (age * BLOCK) / MELODY_RATE)
  }
}

/** @param age of the note at the first frame, in seconds */
function addNote({ hertz, level, pan }: Note, age: number): void {
  tone.fill(0)
  for (const partial of PARTIALS) addPartial(hertz * partial.multiple, partial.level, partial.decay, age)
  for (let i = 0; i < BLOCK; i++) {
    const t = age + i / MELODY_RATE
    const attack = Math.min(1, t / ATTACK_SECONDS)
    const release = Math.min(1, (NOTE_SECONDS - t) / RELEASE_SECONDS)
    const value = (tone[i] ?? 0) * level * attack * release
    left[i] = (left[i] ?? 0) + value * (1 - pan)
    right[i] = (right[i] ?? 0) + value * pan
  }
}

/** Each value of a sine that decays follows from the two before it, which takes a thirtieth of the time of sines and powers. */
function addPartial(hertz: number, level: number, decay: number, age: number): void {
  const angle = (2 * Math.PI * hertz) / MELODY_RATE
  const kept = Math.exp(-decay / MELODY_RATE)
  const [one, two] = [2 * kept * Math.cos(angle), kept * kept]
  const valueAt = (t: number) => level * Math.exp(-decay * t) * Math.sin(2 * Math.PI * hertz * t)
  let before = valueAt(age - 1 / MELODY_RATE)
  let beforeThat = valueAt(age - 2 / MELODY_RATE)
  for (let i = 0; i < BLOCK; i++) {
    const value = one * before - two * beforeThat
    tone[i] = (tone[i] ?? 0) + value
    beforeThat = before
    before = value
  }
}

function toSample(value: number): number {
  return Math.round(Math.max(-1, Math.min(1, value)) * 32_767)
}
