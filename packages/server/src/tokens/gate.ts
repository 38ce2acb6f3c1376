import type { Store } from '@mapseal/core'
import { HttpProblem } from '../http/problem.ts'
import { addressKey, createRateLimiter, type RateLimit } from '../http/rate-limit.ts'
import type { Access } from '../http/route.ts'
import { createTokenLookup } from './lookup.ts'
import { digest, isSameToken, tokenId } from './token.ts'
import { hasTokens } from './tokens.ts'

/** Lets requests pass by their bearer token. */
export interface Gate {
  /** Whether requests need no token, because there are none. */
  isOpen(): Promise<boolean>
  /** @returns the key to limit the request's rate by. @throws HttpProblem 401, 403, 429 */
  admit(authorization: string | undefined, address: string, access: Access): Promise<string>
}

export interface GateOptions {
  store: Store
  /** Whether requests need no token as long as the store has none. */
  mayBeOpen: boolean
  adminToken: string | undefined
  /** For wrong tokens, by address. */
  failures: RateLimit
}

/** In ms. For this long at most, a revoked token is still accepted, as are requests without one after the first token was created. */
const cachedMs = 5000

export function createGate({ store, mayBeOpen, adminToken, failures }: GateOptions): Gate {
  const adminDigest = adminToken && digest(adminToken).toString('hex')
  const limiter = createRateLimiter(failures)
  const tokens = createTokenLookup(store, cachedMs)

  async function accessOf(token: string, mayRead: boolean): Promise<{ access: Access; id: string } | undefined> {
    if (adminDigest && isSameToken(token, adminDigest)) return { access: 'admin', id: 'admin' }
    const id = tokenId(token)
    const record = id === undefined ? undefined : await tokens.find(id, mayRead)
    return record && isSameToken(token, record.sha256) ? { access: record.access, id: record.id } : undefined
  }

  let open: { answer: Promise<boolean>; at: number } | undefined

  return {
    isOpen() {
      if (!mayBeOpen) return Promise.resolve(false)
      if (open && Date.now() - open.at < cachedMs) return open.answer
      const answer = hasTokens(store).then(isAny => {
        // For good: revoking the last token must not open the server.
        if (isAny) mayBeOpen = false
        return !isAny
      })
      answer.catch(() => {
        open = undefined
      })
      open = { answer, at: Date.now() }
      return answer
    },

    async admit(authorization, address, access) {
      const key = addressKey(address)
      const retryAfter = limiter.wait(key)
      const token = /^(?:Bearer|Token) +([\x21-\x7e]{1,512})$/i.exec(authorization ?? '')?.[1]
      // A valid token is found however many wrong ones its address has sent: behind a proxy, that address is everybody's.
      const found = token === undefined ? undefined : await accessOf(token, retryAfter === 0)
      if (found && (found.access === 'admin' || found.access === access)) return `token ${found.id}`
      if (found) throw new HttpProblem(403, { detail: `This token may not ${access}. It is for: ${found.access}.` })
      if (token !== undefined) limiter.take(key)
      if (retryAfter > 0) {
        throw new HttpProblem(429, { detail: 'Too many wrong tokens' }, { 'Retry-After': String(retryAfter) })
      }
      const detail = token === undefined ? 'Authentication credentials were not provided.' : 'Invalid token'
      throw new HttpProblem(401, { detail }, { 'WWW-Authenticate': 'Bearer realm="mapseal"' })
    },
  }
}
