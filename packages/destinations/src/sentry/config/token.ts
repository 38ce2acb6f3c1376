import { isSetText } from './settings.ts'

/** What an organization token (`sntrys_…`) says of itself. */
export interface TokenFacts {
  org?: string
  /** The origin of its server. */
  url?: string
}

/**
 * Reads an organization token: `sntrys_` + base64 of JSON + `_` + secret, where the JSON is
 * `{ iat, url, region_url, org }`. Of any other token nothing is known, and it is sent as it is.
 */
export function readToken(token: string): TokenFacts {
  const payload = /^sntrys_([A-Za-z0-9+/=_-]+)_[A-Za-z0-9+/]{43}$/.exec(token)?.[1]
  if (!payload) return {}
  try {
    const parsed: unknown = JSON.parse(Buffer.from(payload, 'base64').toString('utf8'))
    if (typeof parsed !== 'object' || parsed === null) return {}
    const { org, url } = parsed as Record<string, unknown>
    return { ...(isSetText(org) && { org }), ...(isSetText(url) && { url }) }
  } catch {
    return {}
  }
}
