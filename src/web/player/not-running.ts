/** Properties of a browser that tell why an audio context does not run. */
export interface AudioPermission {
  /** `AudioContext.state`; TypeScript's library lacks `interrupted`, with which iOS waits for a click after a call. */
  readonly state: string
  /** `Navigator.getAutoplayPolicy()` of the context, which Firefox has. */
  readonly policy: string | undefined
  /** `UserActivation.hasBeenActive`; undefined: the browser lacks it. */
  readonly hasBeenActive: boolean | undefined
}

/**
 * Whether the browser blocks a context until the listener clicks. One that is allowed to run may take 2 s, and never runs without a
 * sound device.
 */
export function isBlocked({ state, policy, hasBeenActive }: AudioPermission): boolean {
  if (state === 'interrupted') return true
  return policy === undefined ? hasBeenActive !== true : policy === 'disallowed'
}
