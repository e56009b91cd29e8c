import { listMicrophones } from './microphone.ts'

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
