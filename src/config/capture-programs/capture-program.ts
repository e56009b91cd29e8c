/**
 * Reads a recorder's arguments.
 * @returns the layout of its output, written as `-pcm` would be; undefined when the arguments leave a doubt.
 */
export type Recorder = (args: readonly string[]) => string | undefined
