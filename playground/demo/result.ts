import type { Scan } from './scan.ts'
import type { Scenario } from './scenarios.ts'
import type { Stack } from './symbolicate.ts'

export interface BundlerResult {
  bundler: string
  seconds: number
  scan: Scan
  stacks: StackResult[]
  /** What is wrong, a line each. */
  complaints: string[]
}

export interface StackResult extends Stack {
  scenario: Scenario
}
