/** What became of a file of tests. */
export interface Result {
  /** Of the sources it ran with, see `stateOf`. */
  state: string
  passed: number
  failed: number
}
