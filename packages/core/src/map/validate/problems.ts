/** One way in which a source map departs from ECMA-426. */
export interface MapProblem {
  /** Where: `sources[2]`, `sections[1].map.mappings line 3, segment 2` (lines and segments from 1). */
  path: string
  message: string
}

export interface Problems {
  list: MapProblem[]
  /** True once the list is as long as anyone would read; checks stop there. */
  isFull(): boolean
  add(path: string, message: string): void
}

export function collectProblems(limit: number): Problems {
  const list: MapProblem[] = []
  return {
    list,
    isFull: () => list.length >= limit,
    add(path, message) {
      if (list.length < limit) list.push({ path, message })
    },
  }
}
