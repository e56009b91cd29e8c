/** Idioms that replace a noun or a number of the domain. Comments that contain them are counted. */
const IDIOMS: readonly RegExp[] = [
  /\bwho(?:ever|m)? \w/i,
  /\bso (?:many|much|long|often|far|early|fast|short)\b/i,
  /\b(?:is|are|was|as) no\b(?! longer)/i,
  /\b(?:nobody|somebody|anybody|everybody|someone|others)\b/i,
  /\b(?:is|are|was|be) (?:told|said|heard|asked|given|taken|spoken|settled)\b/i,
]

/** @returns the idioms found in a text, verbatim. */
export function idiomsIn(text: string): string[] {
  return IDIOMS.flatMap((idiom) => idiom.exec(text)?.[0] ?? [])
}
