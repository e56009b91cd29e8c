/** Reasons for a microphone without sound. */
export type MicrophoneProblem =
  /** The page came over plain HTTP from another machine: browsers give such pages no microphone. */
  | 'insecure'
  /** The user, or a rule of the system, says no. */
  | 'denied'
  | 'none'
  /** Another program has it, or it does not work. */
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

/** Whether this page can have a microphone at all. */
export function mayHaveMicrophone(): boolean {
  return window.isSecureContext && 'mediaDevices' in navigator
}

/** Asks for a microphone; the browser asks its user. @throws MicrophoneError */
export async function askForMicrophone(forSpeech: boolean, deviceId: string | undefined): Promise<MediaStream> {
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

/** The microphones that there are. They have names only after one was opened. */
export async function listMicrophones(): Promise<MediaDeviceInfo[]> {
  const devices = await navigator.mediaDevices.enumerateDevices()
  return devices.filter(({ kind }) => kind === 'audioinput')
}
