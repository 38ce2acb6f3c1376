export { createSymbolicator, type SymbolicatorOptions } from './symbolicator.ts'
export type * from './types.ts'
