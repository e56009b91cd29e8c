import { runProgram } from '../programs.ts'
import { music } from './music.ts'

/** Makes this duration of a stream with a real encoder, which reads music from a pipe and writes to one. */
export type Encode = (seconds: number) => Buffer

/** @param options of lame; stereo unless they specify otherwise. */
export function lame(rate: number, ...options: readonly string[]): Encode {
  const khz = String(rate / 1000)
  const input = ['--quiet', '-r', '-s', khz, '--resample', khz]
  return (seconds) => runProgram('lame', [...input, ...options, '-', '-'], music(seconds, rate))
}

/** @param options of ffmpeg's output. */
export function ffmpeg(rate: number, ...options: readonly string[]): Encode {
  const input = ['-v', 'error', '-f', 's16le', '-ar', String(rate), '-ac', '2', '-i', '-']
  return (seconds) => runProgram('ffmpeg', [...input, ...options, '-'], music(seconds, rate))
}

export function opusenc(...options: readonly string[]): Encode {
  const input = ['--quiet', '--raw', '--raw-rate', '48000']
  return (seconds) => runProgram('opusenc', [...input, ...options, '-', '-'], music(seconds, 48_000))
}

export function oggenc(rate: number, ...options: readonly string[]): Encode {
  const input = ['-Q', '-r', '-R', String(rate)]
  return (seconds) => runProgram('oggenc', [...input, ...options, '-'], music(seconds, rate))
}

export function flac(rate: number, ...options: readonly string[]): Encode {
  const raw = ['--force-raw-format', '--endian=little', '--sign=signed', '--channels=2', '--bps=16']
  return (seconds) =>
    runProgram('flac', ['-s', '-c', ...raw, `--sample-rate=${rate}`, ...options, '-'], music(seconds, rate))
}

export function sox(rate: number, ...options: readonly string[]): Encode {
  const input = ['-q', '-t', 'raw', '-r', String(rate), '-e', 'signed', '-b', '16', '-c', '2', '-']
  return (seconds) => runProgram('sox', [...input, ...options, '-'], music(seconds, rate))
}

/** Two consecutive streams, as from a station that begins a new one with each piece of music. */
export function chain(first: Encode, second: Encode): Encode {
  return (seconds) => Buffer.concat([first(seconds / 2), second(seconds / 2)])
}
