/**
 * The engines in which page tests run: those of the environment variable BROWSERS, with commas, where `:core` means only the tests that
 * are marked as core. Without it all run in Chromium, and those in the others, because CI has no time for more.
 */
import t, { type Test } from 'tap'
import { needs } from '../programs.ts'
import { needsChromium, startChromium } from './chromium.ts'
import { FIREFOX, startFirefox } from './firefox.ts'
import { SOUND_PROGRAMS } from './speaker.ts'
import type { EngineName, StartOptions, WebBrowser } from './web-page.ts'
import { startWebkit, WEBKIT } from './webkit.ts'

/** A kind of browser, in which a test runs. */
export interface Engine {
  readonly name: EngineName
  readonly title: string
  /** Reason to skip it; false: it is installed. */
  readonly skip: false | string
  start(t: Test, options?: StartOptions): Promise<WebBrowser>
  /** Whether the engine can do a part of a test; if not, the output has the reason. */
  isAble(t: Test, part: string, cannot: Inabilities): boolean
  /** Runs a part of a test, unless this engine is left out. */
  test(t: Test, name: string, options: PartOptions, run: (t: Test) => Promise<void>): void
}

interface PartOptions {
  /** It is one of the most important. */
  readonly isCore?: boolean
  readonly skip?: false | string
  readonly cannot?: Inabilities
}

/** What engines cannot do, with the reason. */
export type Inabilities = Partial<Readonly<Record<EngineName, string>>>

const ENGINES: readonly Omit<Engine, 'test' | 'isAble'>[] = [
  { name: 'chromium', title: 'Chromium', skip: needsChromium, start: startChromium },
  { name: 'firefox', title: 'Firefox', skip: needs(FIREFOX, ...SOUND_PROGRAMS), start: startFirefox },
  { name: 'webkit', title: 'WebKitGTK', skip: needs(WEBKIT, 'Xvfb', ...SOUND_PROGRAMS), start: startWebkit },
]

const CHOSEN = (process.env['BROWSERS'] ?? 'chromium,firefox:core,webkit:core').split(',')

/**
 * Runs a test in each engine.
 * @param options isCore: it has parts that are core. skip: reason to skip it in all engines.
 */
export function inEngines(
  name: string,
  { isCore = false, skip = false }: PartOptions,
  run: (t: Test, engine: Engine) => Promise<void>,
): void {
  for (const engine of ENGINES.filter((one) => isChosen(one.name, isCore))) {
    t.test(`${name} in ${engine.title}`, { skip: skip || engine.skip }, (test) =>
      run(test, {
        ...engine,
        isAble(within, part, cannot) {
          const reason = cannot[engine.name]
          if (reason !== undefined) within.comment(`not in ${engine.title}: ${part}: ${reason}`)
          return reason === undefined
        },
        test(within, part, { isCore: isPartCore = false, skip: skipPart = false, cannot = {} }, runPart) {
          if (!this.isAble(within, part, cannot) || !isChosen(engine.name, isPartCore)) return
          within.test(part, { skip: skipPart }, runPart)
        },
      }),
    )
  }
}

function isChosen(engine: EngineName, isCore: boolean): boolean {
  return CHOSEN.includes(engine) || (isCore && CHOSEN.includes(`${engine}:core`))
}
