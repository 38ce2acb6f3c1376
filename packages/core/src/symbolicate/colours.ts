const code = /\x1b\[[\d;]*m/g

/** Without the codes that colour it in a terminal: Node writes them into the middle of frames. */
export function withoutColours(text: string): string {
  return text.includes('\x1b[') ? text.replace(code, '') : text
}

/** Where a character of the text without colours stands in the text that has them. */
export function placeAmidColours(text: string, at: number): number {
  let place = at
  for (const { index, 0: found } of text.matchAll(code)) {
    if (index > place) break
    place += found.length
  }
  return place
}
