// All that the entries share is so one file: each costs a build a millisecond to load.
import './index.ts'

export { findFolders } from './build/find-folders.ts'
export { sealFolder, sealFolders } from './build/seal-folder.ts'
export { type CheckOptions, type CheckProblem, type CheckResult, checkFolder, type DeepCheck } from './check/check.ts'
export type { MapProblem } from './map/validate/problems.ts'
export { inspectMap, validateMap } from './map/validate/validate.ts'
