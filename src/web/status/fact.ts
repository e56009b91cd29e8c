/** A figure and what it is. */
export type Fact = readonly [term: string, text: string]
