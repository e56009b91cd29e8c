/** Returns a number of channels as text: `mono`, `stereo`, `6 channels`. */
export function channelsText(channels: number): string {
  if (channels === 1) return 'mono'
  return channels === 2 ? 'stereo' : `${channels} channels`
}
