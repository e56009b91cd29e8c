/** `dry`: nothing to play for now. `lost`: retrying. `refused`: the browser requires a click. */
export type PlayState = 'stopped' | 'connecting' | 'playing' | 'dry' | 'lost' | 'refused'
