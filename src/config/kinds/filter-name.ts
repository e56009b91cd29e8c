import { filterNames, isFilterFile } from '../../../filters/names.ts'
import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

/** The name of a built-in filter, or the path of a module, which is checked when it is loaded. */
export const filterName: Kind<string> = {
  name: 'filter',
  placeholder: 'NAME',
  choices: filterNames,
  parse(text) {
    if (filterNames.includes(text) || isFilterFile(text)) return text
    throw new RefusedValue(`must be one of ${filterNames.join(', ')}, or the path of a filter such as ./my-filter.js`)
  },
}
