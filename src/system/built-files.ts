/** Folder of the built files, `dist`: the program is in a folder below it, as one file or as its modules. */
export const BUILT_FILES = new URL(import.meta.url.replace(/(.*\/dist\/).*/, '$1'))
