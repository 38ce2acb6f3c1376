/** Rows of numbers of 32 bits in one block: what an index needs, at a fraction of what objects cost. */
export interface Rows {
  readonly count: number
  /** Bytes held. */
  readonly size: number
  /** @returns its index */
  push(...row: number[]): number
  get(row: number, field: number): number
  set(row: number, field: number, value: number): void
}

export function createRows(width: number): Rows {
  let values = new Int32Array(width * 16)
  let count = 0
  return {
    get count() {
      return count
    },
    get size() {
      return values.byteLength
    },
    push(...row) {
      if ((count + 1) * width > values.length) {
        const grown = new Int32Array(values.length * 2)
        grown.set(values)
        values = grown
      }
      values.set(row, count * width)
      return count++
    },
    get: (row, field) => values[row * width + field] as number,
    set: (row, field, value) => {
      values[row * width + field] = value
    },
  }
}

/** The last row for which `isBefore` holds, or -1; it must hold for a first part of the rows and for none after. */
export function lastRow(count: number, isBefore: (row: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBefore(middle)) low = middle + 1
    else high = middle
  }
  return low - 1
}
