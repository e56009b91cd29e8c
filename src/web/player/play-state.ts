/** `dry`: there is nothing to play for a while. `lost`: it is tried again. `refused`: a click is needed. */
export type PlayState = 'stopped' | 'connecting' | 'playing' | 'dry' | 'lost' | 'refused'
