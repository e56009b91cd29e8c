import type { PublishRefusal } from '../../station/publishing.ts'

/** Why a publisher, or a title, is refused. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 429 | 503
  /** One line for the client, which many programs show. */
  readonly reason: string
  /** What would be right, a sentence for the log. */
  readonly advice: string
}

const CORRECT_PASSWORD = 'set user and password of the program that publishes to those of the configuration'

/** Refusals by the gate. */
export const OF_GATE: Readonly<Record<'missing' | 'wrong' | 'too many' | 'busy' | 'unavailable', Refusal>> = {
  missing: {
    status: 401,
    reason: 'a user and a password are required',
    advice: CORRECT_PASSWORD,
  },
  wrong: {
    status: 401,
    reason: 'wrong user or password',
    advice: CORRECT_PASSWORD,
  },
  'too many': {
    status: 429,
    reason: 'too many wrong passwords; try again in a minute',
    advice: 'correct the password in the program that publishes, and wait a minute',
  },
  busy: {
    status: 503,
    reason: 'too many passwords are compared; try again soon',
    advice: 'wait: many clients have logged in at once',
  },
  unavailable: {
    status: 503,
    reason: 'the permission to publish could not be checked; try again later',
    advice: 'check the program at the URL of publish-url',
  },
}

const DENIED = 'the URL of publish-url has refused the program that publishes: see its answer'

/** @param reason of the URL that was asked; undefined: it has given none */
export function deniedBecause(reason = 'publishing is not permitted'): Refusal {
  return { status: 403, reason, advice: DENIED }
}

/** Whether a refusal is an answer of a URL. */
export function isDenied({ advice }: Refusal): boolean {
  return advice === DENIED
}

/** Icecast's words for it. */
export const NO_SOURCE: Refusal = {
  status: 400,
  reason: 'Source does not exist',
  advice: 'send the path at which the program publishes, while it is on air',
}

/** A publish point that only browsers may use. */
export const FOR_BROWSERS: Refusal = {
  status: 403,
  reason: 'programs cannot publish at this path',
  advice: 'add publish to the section of this path, or choose a path that has it',
}

const OTHER_PATH = 'choose a path that is configured with publish; many programs call it mountpoint'

const OF_STATION: Readonly<Record<PublishRefusal, Pick<Refusal, 'status' | 'advice'>>> = {
  'the path is not valid': { status: 403, advice: OTHER_PATH },
  'a page has this path': { status: 403, advice: OTHER_PATH },
  'there is no stream to publish at this path': { status: 404, advice: OTHER_PATH },
  'this stream has a source of its own': { status: 403, advice: OTHER_PATH },
  'another publisher is on air': {
    status: 403,
    advice: 'choose another path, or disconnect the publisher that is on air',
  },
  'too many streams are published': { status: 503, advice: 'wait until streams without publishers have expired' },
}

/** @param reason of the station */
export function refusalOf(reason: PublishRefusal): Refusal {
  return { ...OF_STATION[reason], reason }
}
