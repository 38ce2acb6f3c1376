/** Quotes a text as one word of a shell command that users copy: folders may have spaces, and URLs of buckets `?` and `&`. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
