// All that the entries share is so one file: each costs a build a millisecond to load.
import './index.ts'

export { type CheckProblem, type CheckResult, checkFolder } from './check.ts'
export { sealFolder } from './seal.ts'
export type { MapProblem } from './validate/problems.ts'
export { inspectMap, validateMap } from './validate/validate.ts'
