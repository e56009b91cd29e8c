/** Packages that are shipped as they are, beside the program. The licence of codec-parser, LGPL-3.0-or-later, requires that it can be replaced. */
export const UNBUNDLED = ['codec-parser'] as const
