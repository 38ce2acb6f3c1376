/** Longest tail of a script that is looked at; the comment is in its last lines. */
const TAIL = 2000

/** The debug ID in a script's trailing comment. @param {string} code */
export function debugIdOf(code) {
  const [, id] = /\n\/\/# debugId=([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\s*(?:\n|$)/i.exec(code.slice(-TAIL)) ?? []
  return id?.toLowerCase()
}
