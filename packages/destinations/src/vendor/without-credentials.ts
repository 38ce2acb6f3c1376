/** The URL of a remote, or a text with one in it. A password may hold an `@` too. */
export function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/\s]*@/g, '//')
}
