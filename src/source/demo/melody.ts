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

/** A note that sounds in a piece; `age` in seconds at the first frame, negative if it starts later. */
interface HeardNote {
  readonly played: Note
  readonly age: number
}

/**
 * Renders `frames` frames from frame `from` on: 16 bit little-endian, left and right in turn. They are mixed without arrays,
 * which the garbage collector would only free after tens of MB.
 */
export function renderMelody(from: number, frames: number): Buffer {
  const heard = notesIn((from / MELODY_RATE) % LOOP_SECONDS, frames / MELODY_RATE)
  const samples = Buffer.alloc(frames * CHANNELS * 2)
  for (let i = 0; i < frames; i++) {
    let left = 0
    let right = 0
    for (const { played, age } of heard) {
      const value = played.level * pluck(played.hertz, age + i / MELODY_RATE)
      left += value * (1 - played.pan)
      right += value * played.pan
    }
    samples.writeInt16LE(toSample(left), i * 4)
    samples.writeInt16LE(toSample(right), i * 4 + 2)
  }
  return samples
}

/** @param start of the piece in the loop, and its length, in seconds. */
function notesIn(start: number, length: number): readonly HeardNote[] {
  // A note at the end of the loop still sounds at its beginning.
  const ages = ({ startsAt }: Note) => [0, LOOP_SECONDS, -LOOP_SECONDS].map((shift) => start - startsAt + shift)
  const all = NOTES.flatMap((played) => ages(played).map((age) => ({ played, age })))
  return all.filter(({ age }) => age < NOTE_SECONDS && age + length > 0)
}

function pluck(hertz: number, t: number): number {
  if (t < 0 || t >= NOTE_SECONDS) return 0
  const phase = 2 * Math.PI * hertz * t
  const attack = Math.min(1, t / 0.006)
  const release = Math.min(1, (NOTE_SECONDS - t) / 0.2)
  const tone =
    Math.sin(phase) + 0.35 * Math.sin(2 * phase) * Math.exp(-3 * t) + 0.12 * Math.sin(3 * phase) * Math.exp(-6 * t)
  return tone * attack * release * Math.exp(-1.7 * t)
}

function toSample(value: number): number {
  return Math.round(Math.max(-1, Math.min(1, value)) * 32_767)
}
