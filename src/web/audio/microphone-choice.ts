import { listMicrophones } from './microphone.ts'

/**
 * Keeps the options of a select the microphones that there are, also when one comes or goes. Before one was opened they have no
 * names, and there is nothing to choose from.
 * @param current the id of the one in use @returns brings the options up to date
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
