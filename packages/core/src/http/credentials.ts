/** Masking shorter ones would hit ordinary words. */
export const shortestSecret = 4

/** The secrets of a URL, as written and decoded. */
export function credentialsOf({ username, password }: URL): string[] {
  const pair = password && `${decoded(username)}:${decoded(password)}`
  return [username, password, decoded(username), decoded(password), pair].filter(
    value => value.length >= shortestSecret,
  )
}

/** The header that carries them on the wire, by the name that is given; none where a URL has none. */
export function basic(header: string, { username, password }: URL): Record<string, string> {
  if (!username && !password) return {}
  const pair = `${decoded(username)}:${decoded(password)}`
  return { [header]: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/** The part of a URL as it was meant; as it stands, where a `%` is but a `%`. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
