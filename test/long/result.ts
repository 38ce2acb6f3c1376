/** Outcome of a test file. */
export interface Result {
  /** Digest of the sources it ran with; see `stateOf`. */
  state: string
  passed: number
  failed: number
}
