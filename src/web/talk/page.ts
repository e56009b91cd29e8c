/** Page for a conversation of two people. */
import { MicrophoneError, mayHaveMicrophone, offerMicrophones } from '../audio/microphone.ts'
import { element } from '../shared/element.ts'
import { stayAwake } from '../shared/wake-lock.ts'
import { type Call, startCall } from './call.ts'
import { showFigures } from './figures.ts'
import { prepareInvitation } from './invitation.ts'
import { freeSpaceBar, usesKeys, watchHolding } from './push-to-talk.ts'
import type { Situation } from './situation.ts'
import { isSilent, type Shown, show } from './view.ts'
import { showVoice } from './voice.ts'

const device = element('#device', HTMLSelectElement)
const push = element('#push', HTMLInputElement)
const READY: Situation = mayHaveMicrophone() ? { kind: 'ready' } : { kind: 'problem', problem: 'insecure' }

let shown: Shown = { situation: READY, isOpen: false, isMuted: false, isPushToTalk: push.checked, isHeld: false }
let call: Call | undefined
/** Functions that stop what runs during the call. */
let cleanups: (() => void)[] = []

function change(changes: Partial<Shown>): void {
  shown = { ...shown, ...changes }
  show(shown)
  call?.silence(isSilent(shown), isSilent(shown) && !shown.isPushToTalk)
}

async function start(): Promise<void> {
  change({ situation: { kind: 'asking' } })
  try {
    call = await startCall(location.href, (situation) => change({ situation }))
  } catch (error) {
    if (!(error instanceof MicrophoneError)) throw error
    change({ situation: { kind: 'problem', problem: error.problem } })
    return focusFirst()
  }
  follow(call)
  change({ isOpen: true })
  focusFirst()
}

function follow(started: Call): void {
  const { capture, playback } = started
  cleanups = [stayAwake(), showVoice('#me', capture.node), showVoice('#partner', playback.node), showFigures(started)]
  void offer()
  // The device was removed; there may be another one.
  capture.onLost = () => void use(undefined)
}

function end(situation: Situation = READY): void {
  for (const stop of cleanups) stop()
  cleanups = []
  call?.end()
  call = undefined
  change({ situation, isOpen: false, isMuted: false, isHeld: false })
  focusFirst()
}

/** Moves the focus, because the control that had it is hidden. */
function focusFirst(): void {
  if (usesKeys()) element('.call button:not([hidden])', HTMLButtonElement).focus()
}

async function use(deviceId: string | undefined): Promise<void> {
  try {
    await call?.capture.use(deviceId)
  } catch (error) {
    if (!(error instanceof MicrophoneError)) throw error
    if (deviceId === undefined) end({ kind: 'problem', problem: error.problem })
  }
  await offer()
}

const offer = offerMicrophones(device, () => call?.capture.deviceId)
prepareInvitation()
freeSpaceBar()
element('#start', HTMLButtonElement).addEventListener('click', () => void start())
element('#leave', HTMLButtonElement).addEventListener('click', () => end())
element('#mute', HTMLButtonElement).addEventListener('click', () => change({ isMuted: !shown.isMuted }))
push.addEventListener('change', () => change({ isPushToTalk: push.checked, isMuted: false }))
device.addEventListener('change', () => void use(device.value))
// Notifies the partner at once.
window.addEventListener('pagehide', () => end())
watchHolding(element('#hold', HTMLButtonElement), (isHeld) => change({ isHeld }))
show(shown)
