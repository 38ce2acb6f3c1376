import { readTrailingComments, writeTrailingComments } from '@mapseal/core'

/** Puts the comments back at the end, where other plugins have stripped them or put code behind them. */
export function withComments(code: string, debugId: string, mapUrl: string | undefined): string {
  const { bodyEnd } = readTrailingComments(code)
  // Their lines stay, so that no other moves.
  const body = [`debugId=${debugId}`, ...(mapUrl === undefined ? [] : [`sourceMappingURL=${mapUrl}`])].reduce(
    (text, comment) => text.replaceAll(`//# ${comment}`, ''),
    code.slice(0, bodyEnd),
  )
  return body + writeTrailingComments({ debugId, mapUrl })
}
