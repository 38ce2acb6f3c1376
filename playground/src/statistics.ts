export function medianOf(values: number[]): number {
  const sorted = sortedCopy(values)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? valueAt(sorted, middle) : (valueAt(sorted, middle - 1) + valueAt(sorted, middle)) / 2
}

function sortedCopy(values: number[]): number[] {
  const copy = values.filter(value => Number.isFinite(value))
  copy.sort((left, right) => left - right)
  return copy
}

function valueAt(values: number[], index: number): number {
  const value = values[index]
  if (value === undefined) throw new RangeError(`no value ${index} among ${values.length}`)
  return value
}
