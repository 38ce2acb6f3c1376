/** The version of every package, and part of the name of each file that esbuild writes. Set by `npm run release`. */
export const version: string = '0.1.0'
