import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { FIND, type Step } from './find-elements.ts'
import { keyActions } from './key-actions.ts'
import type { LocatorOptions, Role, Size, Speaker, WaitOptions, WebLocator, WebPage } from './web-page.ts'

/** What WebDriver BiDi and WebDriver have in common. */
export interface Remote {
  readonly speaker: Speaker
  evaluate(script: string): Promise<unknown>
  /** Performs actions of W3C WebDriver, section 17.5. */
  act(source: object): Promise<void>
  goto(url: string): Promise<void>
  resize(size: Size): Promise<void>
  /** Enters a frame. */
  frame(selector: string): Promise<Pick<Remote, 'evaluate' | 'act'>>
  /** Returns an image in PNG. */
  screenshot(): Promise<Buffer>
  close(): Promise<void>
}

/** Time limit of waiting, and interval between looks, in milliseconds. */
const WITHIN_MS = 30_000
const LOOK_EVERY_MS = 50

/** Conditions of elements. */
const HOLDS = {
  visible: 'found.some(isVisible)',
  attached: 'found.length > 0',
  detached: 'found.length === 0',
  hidden: '!found.some(isVisible)',
}

/** Actions of the left button. */
const DOWN = { type: 'pointerDown', button: 0 }
const UP = { type: 'pointerUp', button: 0 }

/** A page of Firefox or WebKitGTK. */
export class RemotePage implements WebPage {
  readonly keyboard: WebPage['keyboard']
  readonly mouse: WebPage['mouse']
  readonly #remote: Remote
  #url = 'about:blank'

  constructor(remote: Remote) {
    this.#remote = remote
    const act = (keys: readonly string[], what: 'press' | 'down' | 'up') => remote.act(keyActions(keys, what))
    this.keyboard = {
      press: (keys) => act(keys.split('+'), 'press'),
      down: (key) => act([key], 'down'),
      up: (key) => act([key], 'up'),
    }
    this.mouse = { down: () => this.#point([DOWN]), up: () => this.#point([UP]) }
  }

  get speaker(): Speaker {
    return this.#remote.speaker
  }

  async goto(url: string): Promise<void> {
    await this.#remote.goto(url)
    this.#url = await this.evaluate('location.href')
  }

  close(): Promise<void> {
    return this.#remote.close()
  }

  async evaluate<Value>(script: string): Promise<Value> {
    return (await this.#remote.evaluate(script)) as Value
  }

  title(): Promise<string> {
    return this.evaluate('document.title')
  }

  /** As of the last `goto`, click or `waitForURL`. */
  url(): string {
    return this.#url
  }

  async click(selector: string): Promise<void> {
    await this.locator(selector).click()
  }

  hover(selector: string): Promise<void> {
    return new RemoteLocator(this, [{ selector }]).hover()
  }

  selectOption(selector: string, { label }: { readonly label: string }): Promise<void> {
    return new RemoteLocator(this, [{ selector }]).select(label)
  }

  fill(selector: string, value: string): Promise<void> {
    return this.locator(selector).fill(value)
  }

  innerText(selector: string): Promise<string> {
    return this.locator(selector).innerText()
  }

  getAttribute(selector: string, name: string): Promise<string | null> {
    return this.locator(selector).getAttribute(name)
  }

  async waitForURL(url: string): Promise<void> {
    const isThere = `location.href === ${JSON.stringify(url)} && document.readyState === 'complete'`
    await untilHolds(
      () => this.evaluate<boolean>(isThere),
      async () => `${isThere}, but: ${await this.evaluate<string>('location.href')}`,
    )
    this.#url = url
  }

  waitForSelector(selector: string): Promise<void> {
    return this.locator(selector).waitFor()
  }

  locator(selector: string, options?: LocatorOptions): WebLocator {
    return this.#all.locator(selector, options)
  }

  getByText(text: string | RegExp): WebLocator {
    return this.#all.getByText(text)
  }

  getByRole(role: Role, options?: { readonly name?: string | RegExp; readonly exact?: boolean }): WebLocator {
    return this.#all.getByRole(role, options)
  }

  frameLocator(selector: string): Pick<WebLocator, 'locator'> {
    const frame = this.#remote.frame(selector)
    return new RemotePage({
      ...this.#remote,
      evaluate: async (script) => (await frame).evaluate(script),
      act: async (source) => (await frame).act(source),
    })
  }

  async screenshot({ path }: { readonly path?: string } = {}): Promise<Buffer> {
    const image = await this.#remote.screenshot()
    if (path !== undefined) await writeFile(path, image)
    return image
  }

  setViewportSize(size: Size): Promise<void> {
    return this.#remote.resize(size)
  }

  /** Presses the left button at a position of the window. */
  async clickAt(x: number, y: number): Promise<void> {
    await this.pointTo(x, y, [DOWN, UP])
    this.#url = await this.evaluate('location.href')
  }

  /** Moves the mouse to a position of the window. */
  pointTo(x: number, y: number, then: readonly object[] = []): Promise<void> {
    return this.#point([{ type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0 }, ...then])
  }

  #point(actions: readonly object[]): Promise<void> {
    return this.#remote.act({ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions })
  }

  get #all(): RemoteLocator {
    return new RemoteLocator(this, [])
  }
}

class RemoteLocator implements WebLocator {
  readonly #page: RemotePage
  readonly #steps: readonly Step[]

  constructor(page: RemotePage, steps: readonly Step[]) {
    this.#page = page
    this.#steps = steps
  }

  waitFor({ state = 'visible', timeout }: WaitOptions = {}): Promise<void> {
    return this.#until(HOLDS[state], timeout)
  }

  async click(): Promise<void> {
    await this.#page.clickAt(...(await this.#middle()))
  }

  async hover(): Promise<void> {
    await this.#page.pointTo(...(await this.#middle()))
  }

  async select(label: string): Promise<void> {
    await this.waitFor()
    await this.#look(`(() => {
      found[0].value = [...found[0].options].find(({ text }) => text === ${JSON.stringify(label)}).value
      for (const name of ['input', 'change']) found[0].dispatchEvent(new Event(name, { bubbles: true }))
    })()`)
  }

  async check(): Promise<void> {
    await this.waitFor({ state: 'attached' })
    if (await this.#look<boolean>('found[0].checked')) return
    await this.click()
    await this.#until('found[0]?.checked')
  }

  async fill(value: string): Promise<void> {
    await this.waitFor()
    await this.#look(`(() => {
      found[0].focus()
      found[0].value = ${JSON.stringify(value)}
      for (const name of ['input', 'change']) found[0].dispatchEvent(new Event(name, { bubbles: true }))
    })()`)
  }

  async focus(): Promise<void> {
    await this.waitFor()
    await this.#look('found[0].focus()')
  }

  isVisible(): Promise<boolean> {
    return this.#look('found.length > 0 && isVisible(found[0])')
  }

  count(): Promise<number> {
    return this.#look('found.length')
  }

  async innerText(): Promise<string> {
    await this.waitFor({ state: 'attached' })
    return this.#look('found[0].innerText')
  }

  allInnerTexts(): Promise<string[]> {
    return this.#look('found.map(({ innerText }) => innerText)')
  }

  allTextContents(): Promise<string[]> {
    return this.#look('found.map(({ textContent }) => textContent)')
  }

  async getAttribute(name: string): Promise<string | null> {
    await this.waitFor({ state: 'attached' })
    return this.#look(`found[0].getAttribute(${JSON.stringify(name)})`)
  }

  first(): WebLocator {
    return this.nth(0)
  }

  nth(index: number): WebLocator {
    return this.#and({ nth: index })
  }

  filter({ hasText, visible }: LocatorOptions): WebLocator {
    return this.#and({ hasText: hasText === undefined ? undefined : patternOf(hasText), isVisible: visible })
  }

  locator(selector: string, options?: LocatorOptions): WebLocator {
    const isText = selector.startsWith('text=')
    const found = isText ? this.getByText(selector.slice('text='.length)) : this.#and({ selector })
    return options === undefined ? found : found.filter(options)
  }

  getByText(text: string | RegExp): WebLocator {
    return this.#and({ text: patternOf(text) })
  }

  getByRole(
    role: Role,
    { name, exact }: { readonly name?: string | RegExp; readonly exact?: boolean } = {},
  ): WebLocator {
    return this.#and({ role, name: name === undefined ? undefined : patternOf(name, exact) })
  }

  /** Position of an element that can be pressed, in the window. */
  async #middle(): Promise<[number, number]> {
    await this.#until('found.length > 0 && isVisible(found[0]) && !found[0].disabled')
    return this.#look(`(() => {
      found[0].scrollIntoView({ block: 'center', behavior: 'instant' })
      const { left, top, width, height } = found[0].getClientRects()[0]
      return [left + width / 2, top + height / 2]
    })()`)
  }

  #and(step: Step): RemoteLocator {
    return new RemoteLocator(this.#page, [...this.#steps, step])
  }

  /** Evaluates an expression about `found`, an array of elements. */
  #look<Value>(expression: string): Promise<Value> {
    return this.#page.evaluate(`(() => {
      ${FIND}
      const found = find(${JSON.stringify(this.#steps)})
      return ${expression}
    })()`)
  }

  #until(holds: string, withinMs?: number): Promise<void> {
    return untilHolds(
      () => this.#look<boolean>(holds),
      () => this.#fault(holds),
      withinMs,
    )
  }

  async #fault(holds: string): Promise<string> {
    const texts = await this.#look('[location.href, ...found.map(({ outerHTML }) => outerHTML.slice(0, 200))]')
    return `${holds} of ${JSON.stringify(this.#steps)}; the page and these: ${JSON.stringify(texts)}`
  }
}

/** @param look its failure counts as false: a script fails when the page is replaced meanwhile */
async function untilHolds(
  look: () => Promise<boolean>,
  what: () => Promise<string>,
  withinMs = WITHIN_MS,
): Promise<void> {
  for (const since = performance.now(); !(await look().catch(() => false)); await sleep(LOOK_EVERY_MS)) {
    if (performance.now() - since > withinMs) throw new Error(`not within ${withinMs} ms: ${await what()}`)
  }
}

function patternOf(text: string | RegExp, isExact = false): NonNullable<Step['text']> {
  if (text instanceof RegExp) return { source: text.source, flags: text.flags }
  const source = escaped(text)
  return isExact ? { source: `^${source}$`, flags: '' } : { source, flags: 'i' }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
