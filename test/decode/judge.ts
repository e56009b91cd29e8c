import { comparePieces, type SoundPiece, type Verdict } from './compare.ts'
import type { Decoded } from './decode.ts'
import type { Decoder } from './decoders.ts'
import type { Figures } from './figures.ts'
import type { Heard, Piece } from './pieces.ts'
import type { Stream } from './streams.ts'

/** Known properties of a stream that was played. */
export interface Played {
  readonly stream: Stream
  /** Beginning of each frame, and end of the last one, in samples of each channel. */
  readonly positions: readonly number[]
  readonly frameSamples: number
  readonly figures: Figures
}

/** Number of samples of a piece below which it is not compared. */
const LEAST_SAMPLES = 200

/** Checks that a listener received pieces of the stream, and nothing else but bytes that may precede them. */
export function judgePieces({ stream, figures }: Played, who: string, { pieces }: Heard): void {
  if (pieces.length === 0) figures.faults.push(`${who}: got nothing`)
  for (const { from, insertedBytes } of pieces) {
    if (insertedBytes > stream.format.insertedBytes) {
      figures.faults.push(`${who}: ${insertedBytes} bytes before frame ${from} are not of the stream`)
    }
  }
}

/** Counts messages of a decoder. @param inherent messages about the original stream, which are ignored. */
export function judgeWords(
  { figures }: Played,
  decoder: Decoder,
  who: string,
  { pieces }: Heard,
  decoded: Decoded,
  inherent: ReadonlySet<string>,
): void {
  const isTrue = (line: string) => pieces.length > 1 && decoder.saidOfSkips?.test(line) === true
  const complaints = decoded.complaints.filter((line) => !inherent.has(line) && !isTrue(line))
  figures.complaints += complaints.length
  if (complaints.length > 0) figures.faults.push(`${who}, ${decoder.program}: ${complaints.slice(0, 3).join(' / ')}`)
}

/** Compares each piece with the same part of the whole stream. */
export function judgeSound(
  played: Played,
  decoder: Decoder,
  who: string,
  { pieces }: Heard,
  decoded: Decoded,
  whole: Decoded,
): void {
  const { format } = played.stream
  const length = played.positions.at(-1) ?? 1
  const channels = Math.round(whole.samples.length / length)
  const swallowed = length - whole.samples.length / channels
  const verdicts = comparePieces(
    decoded.samples,
    whole.samples,
    pieces.map((piece) => soundOf(piece, played)),
    length,
    {
      ...decoder,
      swallows: Math.max(0, Math.min(decoder.swallows, swallowed)),
      frameSamples: played.frameSamples,
      tolerance: Math.max(decoder.tolerance, format.tolerance),
    },
  )
  for (const [i, piece] of pieces.entries()) {
    const deafness = i === 0 ? 0 : (decoder.silencesAtSkips ?? 0)
    judgePiece(played, `${who}, ${decoder.program}`, piece, verdicts[i], deafness)
  }
}

function soundOf({ from, to, insertedBytes }: Piece, { positions, stream }: Played): SoundPiece {
  const inserted = insertedBytes > 0 ? stream.format.insertedSamples : 0
  return { from: positions[from] ?? 0, to: positions[to] ?? 0, inserted }
}

function judgePiece(
  { positions, stream, figures, frameSamples }: Played,
  who: string,
  { from, to }: Piece,
  verdict: Verdict | undefined,
  deafness: number,
): void {
  const { exactAfter } = stream.format
  const begin = positions[from] ?? 0
  const end = positions[to] ?? begin
  const length = end - begin
  const overlap = 'samples' in exactAfter ? exactAfter.samples : (positions[from + exactAfter.frames] ?? end) - begin
  const allowed = Math.max(overlap, deafness)
  if (length < allowed + LEAST_SAMPLES) return
  const lost = Math.round((verdict?.lost ?? 0) / frameSamples)
  const wrong = Math.max(0, (verdict?.exactAfter ?? length) - allowed)
  figures.lostFrames += Math.abs(lost)
  figures.wrongSamples += wrong
  figures.framesUntilExact.push((verdict?.exactAfter ?? length) / frameSamples)
  if (lost !== 0 || wrong > 0)
    figures.faults.push(`${who}, frames ${from} to ${to}: ${lost} lost, ${wrong} samples wrong`)
}
