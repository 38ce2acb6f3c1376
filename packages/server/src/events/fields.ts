/** Guards for JSON from anyone. A value of an unexpected type counts as absent: SDKs of many versions send it. */

export type Fields = Record<string, unknown>

const NONE: Fields = {}

export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : NONE
}

export function list(value: unknown, most: number): unknown[] {
  return Array.isArray(value) ? value.slice(0, most) : []
}

/** A string cut to `longest` characters; undefined if it is empty or not a string. */
export function text(value: unknown, longest: number): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, longest) : undefined
}

/** A safe whole number from `least`. */
export function whole(value: unknown, least: number): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= least ? (value as number) : undefined
}
