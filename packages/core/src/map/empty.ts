/** The map of code that has no original. */
export const emptyMap: Buffer = Buffer.from('{"version":3,"sources":[],"names":[],"mappings":""}')
