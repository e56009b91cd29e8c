import type { StreamStatus } from '../../status/report.ts'
import { setText } from '../shared/element.ts'

/** Lowest level of a bar, in dBFS. */
const LOWEST = -60

/** Shows the level of each channel as a bar up to its RMS, with a mark at its peak. */
export function showLevel(box: HTMLElement, { level }: Pick<StreamStatus, 'level'>): void {
  const { peak = [], rms = [] } = level ?? {}
  box.hidden = rms.length === 0
  if (box.childElementCount !== rms.length) box.replaceChildren(...rms.map((_, at) => emptyBar(at, rms.length)))
  for (const [at, loudness] of rms.entries()) {
    const bar = box.children[at]
    if (bar instanceof HTMLElement) fill(bar, loudness, peak[at] ?? loudness)
  }
}

function fill(bar: HTMLElement, rms: number, peak: number): void {
  const words = `${decibels(rms)}, peak ${decibels(peak)}`
  const [, scale, text] = bar.children
  if (scale instanceof HTMLElement) {
    scale.style.setProperty('--rms', String(part(rms)))
    scale.style.setProperty('--peak', String(part(peak)))
  }
  if (text) setText(text, words)
  bar.setAttribute('aria-valuenow', String(Math.max(LOWEST, rms)))
  bar.setAttribute('aria-valuetext', words)
}

/** Returns the length of a bar, from 0 to 1. */
function part(level: number): number {
  return 1 - Math.min(0, Math.max(LOWEST, level)) / LOWEST
}

/** `−14 dB`; digital silence has no level. */
function decibels(level: number): string {
  return level <= -144 ? 'silent' : `${level < 0 ? '\u2212' : ''}${Math.abs(Math.round(level))} dB`
}

function emptyBar(channel: number, of: number): Element {
  const bar = document.createElement('div')
  const name = nameOfChannel(channel, of)
  bar.setAttribute('role', 'meter')
  bar.setAttribute('aria-label', of === 1 ? name : `Level, ${name.toLowerCase()}`)
  bar.setAttribute('aria-valuemin', String(LOWEST))
  bar.setAttribute('aria-valuemax', '0')
  const [title, scale, text] = [
    document.createElement('span'),
    document.createElement('span'),
    document.createElement('span'),
  ]
  title.textContent = name
  scale.className = 'scale'
  bar.append(title, scale, text)
  return bar
}

function nameOfChannel(channel: number, of: number): string {
  if (of === 1) return 'Level'
  return (of === 2 && ['Left', 'Right'][channel]) || `Channel ${channel + 1}`
}
