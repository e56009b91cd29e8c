/**
 * The part of Playwright's pages that tests of all engines use. Pages of Chromium are Playwright's own; those of Firefox and
 * WebKitGTK are remote-page.ts.
 */
import type { Test } from 'tap'

export type EngineName = 'chromium' | 'firefox' | 'webkit'

export interface WebPage {
  goto(url: string): Promise<unknown>
  close(): Promise<void>
  /** @param script an expression, whose promise is awaited; its value is JSON, or undefined */
  evaluate<Value>(script: string): Promise<Value>
  title(): Promise<string>
  url(): string
  click(selector: string): Promise<void>
  fill(selector: string, value: string): Promise<void>
  innerText(selector: string): Promise<string>
  getAttribute(selector: string, name: string): Promise<string | null>
  hover(selector: string): Promise<void>
  selectOption(selector: string, option: { readonly label: string }): Promise<unknown>
  /** Resolves when the page has this address and is loaded. */
  waitForURL(url: string): Promise<void>
  waitForSelector(selector: string): Promise<unknown>
  locator(selector: string, options?: LocatorOptions): WebLocator
  getByText(text: string | RegExp): WebLocator
  getByRole(role: Role, options?: { readonly name?: string | RegExp; readonly exact?: boolean }): WebLocator
  /** A frame of the page; in WebKitGTK, only the frame can be used from then on. */
  frameLocator(selector: string): Pick<WebLocator, 'locator'>
  screenshot(options?: { readonly path?: string }): Promise<Buffer>
  setViewportSize(size: Size): Promise<void>
  readonly keyboard: {
    /** @param keys names as of `KeyboardEvent.key`, with `+` between them */
    press(keys: string): Promise<void>
    down(key: string): Promise<void>
    up(key: string): Promise<void>
  }
  readonly mouse: {
    down(): Promise<void>
    up(): Promise<void>
  }
  /** Where the sound of the page's browser goes; undefined: the sound is read in the page. */
  readonly speaker?: Speaker
}

/** Elements of a page, found anew by each call. */
export interface WebLocator {
  /** @param options default: visible. timeout: in milliseconds, default 30 s */
  waitFor(options?: WaitOptions): Promise<void>
  click(): Promise<void>
  check(): Promise<void>
  fill(value: string): Promise<void>
  focus(): Promise<void>
  isVisible(): Promise<boolean>
  count(): Promise<number>
  innerText(): Promise<string>
  allTextContents(): Promise<string[]>
  allInnerTexts(): Promise<string[]>
  getAttribute(name: string): Promise<string | null>
  first(): WebLocator
  nth(index: number): WebLocator
  filter(options: LocatorOptions): WebLocator
  locator(selector: string, options?: LocatorOptions): WebLocator
  getByText(text: string | RegExp): WebLocator
  getByRole(role: Role, options?: { readonly name?: string | RegExp; readonly exact?: boolean }): WebLocator
}

export interface WaitOptions {
  readonly state?: 'visible' | 'attached' | 'detached' | 'hidden'
  readonly timeout?: number
}

export type Role = 'link' | 'button' | 'heading' | 'slider' | 'meter' | 'dialog'

export interface LocatorOptions {
  readonly hasText?: string | RegExp
  readonly visible?: boolean
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** A sink of PulseAudio whose sound can be read. */
export interface Speaker {
  /** Frequency of the tone that sounds, in Hz, once there is a steady one. */
  tone(): Promise<number>
}

/** How a page is opened. */
export interface PageOptions {
  readonly viewport?: Size
  readonly colorScheme?: 'light' | 'dark'
  readonly javaScriptEnabled?: boolean
  /** Run before the scripts of the page; WebKitGTK runs it when they have run. */
  readonly script?: string
}

/** A browser that was started. It is ended with the test. */
export interface WebBrowser<Page extends WebPage = WebPage> {
  readonly engine: EngineName
  /**
   * Opens a page in a profile of its own, which accepts any certificate. It is closed with the test.
   * @param report is called with each error and violation of the policy that the browser reports, and with each request to another host.
   */
  open(t: Test, url: string, options: PageOptions, report: (fault: string) => void): Promise<Page>
}

/** How a browser is started. */
export interface StartOptions {
  /** Frequency of a tone at the microphone, in Hz; undefined: there is no microphone. */
  readonly microphoneHz?: number
}
