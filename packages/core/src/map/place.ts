/** Line and column from 0, the column in UTF-16 units. */
export interface Place {
  line: number
  column: number
}

/** A change in the moved code, at one place or over a stretch. */
export interface Break {
  /** Where it begins in the code before, and where the code after begins to differ. */
  at: Place
  begins: Place
  /** Where the code before goes on unchanged. */
  resume: Place
}

export function plus(offset: Place, { line, column }: Place): Place {
  return { line: offset.line + line, column: line === 0 ? offset.column + column : column }
}

/** Negative where the first comes before the second. */
export function comparePlaces(a: Place, b: Place): number {
  return a.line - b.line || a.column - b.column
}

export function minus(place: Place, offset: Place): Place {
  const line = place.line - offset.line
  return { line, column: line === 0 ? place.column - offset.column : place.column }
}
