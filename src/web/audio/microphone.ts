/** Reasons why a microphone cannot be used. */
export type MicrophoneProblem =
  /** The page was loaded over plain HTTP from another machine: browsers deny such pages access to microphones. */
  | 'insecure'
  /** Refused by the user, or by a rule of the system. */
  | 'denied'
  | 'none'
  /** Used by another program, or not working. */
  | 'busy'

export class MicrophoneError extends Error {
  override readonly name = 'MicrophoneError'
  readonly problem: MicrophoneProblem

  constructor(problem: MicrophoneProblem, cause?: unknown) {
    super(`no microphone: ${problem}`, { cause })
    this.problem = problem
  }
}

/** By the names of exceptions (Media Capture and Streams, section 10.2). */
const PROBLEMS: Readonly<Record<string, MicrophoneProblem>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'none',
  OverconstrainedError: 'none',
}

/** Whether the browser may give this page access to a microphone. */
export function mayHaveMicrophone(): boolean {
  return window.isSecureContext && 'mediaDevices' in navigator
}

/** Opens a microphone; the browser asks the user for permission. @throws MicrophoneError */
export async function requestMicrophone(forSpeech: boolean, deviceId: string | undefined): Promise<MediaStream> {
  if (!mayHaveMicrophone()) throw new MicrophoneError('insecure')
  const device = deviceId === undefined ? {} : { deviceId: { exact: deviceId } }
  const audio = {
    ...device,
    channelCount: 1,
    echoCancellation: forSpeech,
    noiseSuppression: forSpeech,
    autoGainControl: forSpeech,
  }
  try {
    return await navigator.mediaDevices.getUserMedia({ audio })
  } catch (error) {
    throw new MicrophoneError(PROBLEMS[(error as Error).name] ?? 'busy', error)
  }
}

/** Returns all microphones. Their names are known only after one has been opened. */
async function listMicrophones(): Promise<MediaDeviceInfo[]> {
  const devices = await navigator.mediaDevices.enumerateDevices()
  return devices.filter(({ kind }) => kind === 'audioinput')
}

/**
 * Fills a select with the microphones, and updates it when one is connected or removed. Before one has been opened they have no
 * names, and the select is disabled.
 * @param current returns the id of the one in use @returns a function that updates the options
 */
export function offerMicrophones(select: HTMLSelectElement, current: () => string | undefined): () => Promise<void> {
  const update = async () => {
    const microphones = await listMicrophones()
    const options = microphones
      .filter(({ label }) => label !== '')
      .map(({ label, deviceId }) => new Option(label, deviceId))
    select.replaceChildren(...options)
    select.disabled = options.length === 0
    const id = current()
    if (id !== undefined) select.value = id
  }
  navigator.mediaDevices?.addEventListener('devicechange', () => void update())
  return update
}
