import { distanceText } from '../shared/distance-text.ts'
import { element, setText } from '../shared/element.ts'
import { type RewindActions, type Scale, titleAgo } from './scale.ts'

/** Steps of the slider, in seconds, up to a reach in seconds. */
const STEPS = [
  { s: 1, upTo: 300 },
  { s: 10, upTo: 7_200 },
  { s: 60, upTo: Number.POSITIVE_INFINITY },
]
/** Reach from which the slider is worth its place, in milliseconds. */
const LEAST_REACH_MS = 15_000
/** Pause after the last change, in milliseconds, after which the sound starts there: keys change it step by step. */
const SETTLED_MS = 250

/**
 * The slider: its right end is live, its left end the oldest frame. Ticks mark where titles begin; a bubble names the place under the
 * pointer or the thumb.
 */
export class PositionSlider {
  readonly #actions: RewindActions
  readonly #place = element('#rewind', HTMLElement)
  readonly #input = element('#position', HTMLInputElement)
  readonly #ticks = element('#ticks', HTMLElement)
  readonly #preview = element('#preview', HTMLOutputElement)
  readonly #oldest = element('#oldest', HTMLElement)
  #scale: Scale | undefined
  #titles: Scale['titles'] = []
  /** The user moves it. */
  #settling: ReturnType<typeof setTimeout> | undefined
  #isHeld = false

  constructor(actions: RewindActions) {
    this.#actions = actions
    this.#input.addEventListener('input', () => this.#hold())
    this.#input.addEventListener('change', () => this.#settle())
    this.#input.addEventListener('pointermove', ({ clientX }) => {
      if (!this.#isHeld) this.#showPreview(this.#secondsAt(clientX))
    })
    this.#input.addEventListener('pointerleave', () => this.#isHeld || this.#hidePreview())
  }

  /** @param isPossible the player can go back now */
  show(scale: Scale, isPossible: boolean): void {
    this.#scale = scale
    this.#place.hidden = !isPossible || scale.reachMs < LEAST_REACH_MS
    const reachS = Math.ceil(scale.reachMs / 1000)
    const step = STEPS.find(({ upTo }) => reachS <= upTo)?.s ?? 1
    this.#input.step = String(step)
    this.#input.min = String(-Math.ceil(reachS / step) * step)
    setText(this.#oldest, `${distanceText(scale.reachMs)} ago`)
    if (this.#titles !== scale.titles) this.#mark(scale)
    if (!this.#isHeld) this.#input.valueAsNumber = -scale.behindMs / 1000
    this.#describe()
  }

  get #width(): { left: number; px: number } {
    const { left, width } = this.#ticks.getBoundingClientRect()
    return { left, px: Math.max(1, width) }
  }

  get #reachS(): number {
    return -Number(this.#input.min)
  }

  /** Seconds before the newest frame at a place on the screen. */
  #secondsAt(clientX: number): number {
    const { left, px } = this.#width
    return this.#reachS * (1 - Math.min(1, Math.max(0, (clientX - left) / px)))
  }

  #hold(): void {
    this.#isHeld = true
    clearTimeout(this.#settling)
    this.#describe()
    this.#showPreview(-this.#input.valueAsNumber)
  }

  #settle(): void {
    clearTimeout(this.#settling)
    this.#settling = setTimeout(() => {
      const agoS = -this.#input.valueAsNumber
      if (agoS <= 0) this.#actions.toLive()
      else this.#actions.goTo((this.#scale?.newest ?? 0) - agoS * 1000, false)
      this.#isHeld = false
      this.#hidePreview()
    }, SETTLED_MS)
  }

  #describe(): void {
    const text = this.#textOf(-this.#input.valueAsNumber)
    if (this.#input.getAttribute('aria-valuetext') !== text) this.#input.setAttribute('aria-valuetext', text)
  }

  #textOf(agoS: number): string {
    const title = this.#scale && titleAgo(this.#scale, agoS * 1000)
    const distance = agoS < 0.5 ? 'live' : `${distanceText(agoS * 1000)} ago`
    return title ? `${distance}, ${title}` : distance
  }

  #showPreview(agoS: number): void {
    const { px } = this.#width
    this.#preview.hidden = false
    setText(this.#preview, this.#textOf(agoS))
    const middle = px * (1 - agoS / this.#reachS)
    const most = this.#input.offsetWidth - this.#preview.offsetWidth
    this.#preview.style.left = `${Math.max(0, Math.min(most, middle - this.#preview.offsetWidth / 2))}px`
  }

  #hidePreview(): void {
    this.#preview.hidden = true
  }

  #mark(scale: Scale): void {
    this.#titles = scale.titles
    const marks = scale.titles.flatMap(({ text, from }) => {
      const agoS = (scale.newest - from) / 1000
      if (text === '' || agoS > this.#reachS) return []
      const mark = document.createElement('i')
      mark.style.left = `${100 * (1 - agoS / this.#reachS)}%`
      return [mark]
    })
    this.#ticks.replaceChildren(...marks)
  }
}
