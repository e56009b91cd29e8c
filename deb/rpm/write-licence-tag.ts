/** `node write-licence-tag.js`: writes the SPDX expression of all licences in the package, for the tag `License` of an RPM. */
import { allPackages } from '../shipped-packages.ts'

/** That of this project and of hls.js; that of Node.js, of V8 and of the library of C++ in it. */
const ours = ['Apache-2.0', 'MIT', 'BSD-3-Clause']

const all = new Set([...ours, ...allPackages().map(({ license }) => license)])
console.log([...all].toSorted().join(' AND '))
