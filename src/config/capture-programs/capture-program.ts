/**
 * Reads the arguments of a capture program.
 * @returns the layout of its output, in the syntax of `-pcm`; undefined if the arguments do not determine it.
 */
export type CaptureProgram = (args: readonly string[]) => string | undefined
