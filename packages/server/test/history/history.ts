/** What clients did to one key, as they saw it. */
export interface Operation {
  key: string
  /** Of a write, what it wrote; of a read, what it found. */
  value: string
  kind: 'read' | 'write'
  /** When it was called, in ms. */
  start: number
  /** When it was answered, in ms; infinite if it failed, because it may take effect at any later time, or never. */
  end: number
}

/** What an operation turned out to be. A read that failed says nothing: undefined. */
export type Outcome = { wrote: string; isSure: boolean } | { found: string } | undefined

export interface History {
  operations: Operation[]
  take(key: string, work: () => Promise<Outcome>): Promise<Outcome>
}

export function createHistory(): History {
  const operations: Operation[] = []
  return {
    operations,
    async take(key, work) {
      const start = performance.now()
      const outcome = await work()
      const end = performance.now()
      if (!outcome) return undefined
      if ('found' in outcome) operations.push({ key, kind: 'read', value: outcome.found, start, end })
      else
        operations.push({
          key,
          kind: 'write',
          value: outcome.wrote,
          start,
          end: outcome.isSure ? end : Number.POSITIVE_INFINITY,
        })
      return outcome
    },
  }
}

export interface Model {
  /** What a key holds before any write. */
  initial: string
  /** For how long, in ms, a reader may still see what was there before. */
  staleMs: number
}

/**
 * Whether each key is a regular register: a read finds what a write gave it that began before the read ended, unless another
 * write that came after that one was complete before the read began. This is weaker than linearizable, as it must be: a
 * request to the store that is repeated because its answer was lost takes effect twice, with others in between.
 *
 * @returns what was read and should not have been, for people
 */
export function violations(operations: Operation[], { initial, staleMs }: Model): string[] {
  const first = { value: initial, start: Number.NEGATIVE_INFINITY, end: Number.NEGATIVE_INFINITY }
  return operations
    .filter(({ kind }) => kind === 'read')
    .flatMap(read => {
      const writes = [first, ...operations.filter(({ key, kind }) => key === read.key && kind === 'write')]
      const since = read.start - staleMs
      const isCurrent = ({ end }: typeof first) => !writes.some(later => end < later.start && later.end < since)
      if (writes.some(write => write.value === read.value && write.start < read.end && isCurrent(write))) return []
      return `${read.key} was ${read.value} from ${read.start.toFixed(0)} to ${read.end.toFixed(0)} ms`
    })
}
