export { sealFolder } from './build/seal-folder.ts'
export { type CheckProblem, type CheckResult, checkFolder } from './check/check.ts'
export type { MapProblem } from './map/validate/problems.ts'
export { inspectMap, validateMap } from './map/validate/validate.ts'
