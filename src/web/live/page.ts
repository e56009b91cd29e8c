/** Page that makes a microphone the source of a stream. */

import { CLOSE } from '../../websocket/close-codes.ts'
import { showLevel } from '../audio/level-meter.ts'
import { MicrophoneError, mayHaveMicrophone, offerMicrophones } from '../audio/microphone.ts'
import { element } from '../shared/element.ts'
import { copyOnPress, showHttpsLink } from '../shared/sharing.ts'
import { urlAt } from '../shared/url-at.ts'
import { stayAwake } from '../shared/wake-lock.ts'
import { type Broadcast, startBroadcast } from './broadcast.ts'
import type { Situation } from './situation.ts'
import { type Shown, show, showFigures } from './view.ts'

/** Interval between updates of the clock, in milliseconds. */
const TICK_MS = 250

const { stream = '', address = '' } = element('main', HTMLElement).dataset
const name = element('#name', HTMLInputElement)
const token = element('#token', HTMLInputElement)
const device = element('#device', HTMLSelectElement)
const speech = element('#speech', HTMLInputElement)
// Browsers never send the fragment of an address, so it is in no log.
token.value = decodeURIComponent(location.hash.slice(1))

const READY: Situation = mayHaveMicrophone() ? { kind: 'ready' } : { kind: 'problem', problem: 'insecure' }
const needs = stream === '' ? 'name' : token.value === '' ? 'token' : 'nothing'
let shown: Shown = { situation: READY, isMuted: false, isOpen: false, since: undefined, needs }
let broadcast: Broadcast | undefined
/** Functions that stop what runs during the broadcast. */
let cleanups: (() => void)[] = []

function change(changes: Partial<Shown>): void {
  shown = { ...shown, ...changes }
  if (broadcast !== undefined) broadcast.isMuted = shown.isMuted
  show(shown)
}

function follow(situation: Situation): void {
  if (situation.kind === 'refused') return end(situation)
  const isFirst = situation.kind === 'onAir' && shown.since === undefined
  change({ situation, since: isFirst ? performance.now() : shown.since })
}

async function start(): Promise<void> {
  change({ situation: { kind: 'asking' }, since: undefined })
  const options = { token: token.value.trim(), forSpeech: speech.checked, deviceId: device.value || undefined }
  try {
    broadcast = await startBroadcast(options, follow)
  } catch (error) {
    if (!(error instanceof MicrophoneError)) throw error
    return change({ situation: { kind: 'problem', problem: error.problem } })
  }
  const { capture } = broadcast
  const analyser = new AnalyserNode(capture.node.context)
  capture.node.connect(analyser)
  const tick = setInterval(() => showFigures(shown), TICK_MS)
  cleanups = [stayAwake(), showLevel(element('.meter', HTMLCanvasElement), analyser), () => clearInterval(tick)]
  // The device was removed; there may be another one.
  capture.onLost = () => void use(undefined)
  speech.disabled = true
  change({ isOpen: true, isMuted: false })
  await offer()
}

function end(situation: Situation = READY): void {
  for (const stop of cleanups) stop()
  cleanups = []
  broadcast?.end()
  broadcast = undefined
  speech.disabled = false
  change({ situation, isOpen: false, isMuted: false, since: undefined })
  if (situation.kind === 'refused' && situation.code === CLOSE.wrongToken) token.select()
}

async function use(deviceId: string | undefined): Promise<void> {
  try {
    await broadcast?.capture.use(deviceId)
  } catch (error) {
    if (!(error instanceof MicrophoneError)) throw error
    if (deviceId === undefined) end({ kind: 'problem', problem: error.problem })
  }
  await offer()
}

function press(): void {
  if (broadcast !== undefined) return end()
  if (shown.needs === 'name') {
    if (name.value.trim() === '') return name.focus()
    return location.assign(urlAt(`live/${encodeURIComponent(name.value.trim())}${location.hash}`))
  }
  if (token.value.trim() === '') return token.focus()
  if (shown.situation.kind !== 'asking') void start()
}

const offer = offerMicrophones(device, () => broadcast?.capture.deviceId)
element('#air', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault()
  press()
})
element('#mute', HTMLButtonElement).addEventListener('click', () => change({ isMuted: !shown.isMuted }))
device.addEventListener('change', () => void use(device.value))
copyOnPress(element('#copy', HTMLButtonElement), address)
showHttpsLink(location.href)
show(shown)
