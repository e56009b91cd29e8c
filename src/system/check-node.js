/**
 * Ends the program when Node.js is too old, before a module is imported that it may not parse. This file is JavaScript so that
 * `npm run ready` can run it as well.
 */

/** The oldest Node.js that runs the program, as `engines` in package.json has it. */
const OLDEST = 20.19

const { node } = process.versions
const [major = 0, minor = 0] = node.split('.').map(Number)
if (major + minor / 100 < OLDEST) {
  process.stderr.write(`streamserve: needs Node.js ${OLDEST} or newer, this is ${node}\n`)
  process.exit(1)
}
