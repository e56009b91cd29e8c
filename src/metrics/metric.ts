/** A value, with labels in addition to those of its subject. */
interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A metric whose values are read from a subject at each scrape: a stream, or the program. */
export interface Metric<Subject> {
  /** `streamserve_listeners`; that of a counter ends in `_total`. */
  readonly name: string
  readonly type: 'counter' | 'gauge'
  /** One line, without quotation marks. */
  readonly help: string
  /** Names of the labels in addition to those of the subject. */
  readonly labels: readonly string[]
  /** Returns its values; none when they are not known. */
  readonly samples: (subject: Subject) => readonly Sample[]
}

const NO_LABELS = {}

type Read<Subject> = (subject: Subject) => number | undefined

/** @param read returns undefined when the value is not known */
export function counter<Subject>(name: string, help: string, read: Read<Subject>): Metric<Subject> {
  return { ...gauge(name, help, read), type: 'counter' }
}

/** @param read returns undefined when the value is not known */
export function gauge<Subject>(name: string, help: string, read: Read<Subject>): Metric<Subject> {
  const samples = (subject: Subject) => {
    const value = read(subject)
    return value === undefined ? [] : [{ labels: NO_LABELS, value }]
  }
  return { name, type: 'gauge', help, labels: [], samples }
}

/** Makes a metric with one more label. @param read returns the values by those of the label */
export function by<Subject>(
  label: string,
  { type, name, help }: Pick<Metric<Subject>, 'type' | 'name' | 'help'>,
  read: (subject: Subject) => Readonly<Record<string, number>>,
): Metric<Subject> {
  const samples = (subject: Subject) =>
    Object.entries(read(subject)).map(([key, value]) => ({ labels: { [label]: key }, value }))
  return { name, type, help, labels: [label], samples }
}
