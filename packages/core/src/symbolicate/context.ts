/** Lines of an original source around a position. */
export interface SourceContext {
  /** The number of the first of `lines`, from 1. */
  firstLine: number
  lines: string[]
}
