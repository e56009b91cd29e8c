import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CreateFilter } from './frame-filter.ts'
import { filterNames, isFilterFile } from './names.ts'
import { oneLine } from './one-line.ts'
import { FILTERS } from './table.ts'

/** A filter cannot be had. The message is one line that says why. */
export class FilterLoadError extends Error {
  override readonly name = 'FilterLoadError'
}

/**
 * Finds a filter.
 * @param nameOrPath the name of a filter that is built in, or the path of a module that exports `createFilter`; a relative
 * one starts from the working directory.
 * @throws FilterLoadError when there is none, or its file is missing, fails, or is not a filter.
 */
export async function loadFilter(nameOrPath: string): Promise<CreateFilter> {
  const known = FILTERS.get(nameOrPath)
  if (known) return known
  if (isFilterFile(nameOrPath)) return await loadFile(nameOrPath)
  throw new FilterLoadError(
    `unknown filter "${nameOrPath}"; use ${filterNames.join(', ')}, or a file such as ./my-filter.js`,
  )
}

async function loadFile(path: string): Promise<CreateFilter> {
  const file = resolve(path)
  const entry = await stat(file).catch((error: unknown) => {
    throw new FilterLoadError(`the filter ${path} cannot be read: ${oneLine(error)}`, { cause: error })
  })
  // A FIFO would be waited for without end.
  if (!entry.isFile()) throw new FilterLoadError(`the filter ${path} is not a file`)
  const module: unknown = await import(pathToFileURL(file).href).catch((error: unknown) => {
    throw new FilterLoadError(`the filter ${path} cannot be loaded: ${oneLine(error)}`, { cause: error })
  })
  if (hasCreateFilter(module)) return checked(path, module.createFilter)
  throw new FilterLoadError(`the filter ${path} does not export a function createFilter`)
}

/** Reports a faulty external filter in one line, instead of crashing at its first chunk. */
function checked(path: string, create: CreateFilter): CreateFilter {
  return (options) => {
    try {
      const filter = create(options)
      const acts = typeof filter.push === 'function' && typeof filter.end === 'function'
      if (acts && Number.isFinite(filter.skippedBytes)) return filter
    } catch (error) {
      throw new FilterLoadError(`the filter ${path} fails in createFilter: ${oneLine(error)}`, { cause: error })
    }
    throw new FilterLoadError(`the filter ${path} must have push(), end() and the number skippedBytes`)
  }
}

function hasCreateFilter(module: unknown): module is { createFilter: CreateFilter } {
  return typeof module === 'object' && module !== null && 'createFilter' in module && isFunction(module.createFilter)
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}
