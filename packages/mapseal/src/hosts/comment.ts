import { readTrailingComments } from '@mapseal/core'

/** Puts the comment with the ID back at the end, where other plugins have stripped it or put code behind it. */
export function withComment(code: string, debugId: string): string {
  const { bodyEnd } = readTrailingComments(code)
  // Its line stays, so that no other moves.
  const body = code.slice(0, bodyEnd).replaceAll(`//# debugId=${debugId}`, '')
  return `${body}\n//# debugId=${debugId}\n`
}
