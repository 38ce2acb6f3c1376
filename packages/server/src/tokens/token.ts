import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Access } from '../http/route.ts'

/** A token as the store keeps it, with a digest of the secret: this has 256 random bits, so that a plain SHA-256 is safe. */
export interface TokenRecord {
  id: string
  version: 1
  access: Access
  /** What it is for. */
  name?: string
  /** ISO 8601, UTC. */
  createdAt: string
  /** Lower-case hex, of the whole token. */
  sha256: string
}

const pattern = /^mapseal_([0-9a-f]{12})_[\w-]{43}$/

/** Creates a token, which is shown once and never stored. */
export function mintToken(access: Access, name?: string): { token: string; record: TokenRecord } {
  const id = randomBytes(6).toString('hex')
  const token = `mapseal_${id}_${randomBytes(32).toString('base64url')}`
  const createdAt = new Date().toISOString()
  const sha256 = digest(token).toString('hex')
  return { token, record: { id, version: 1, access, ...(name && { name }), createdAt, sha256 } }
}

/** The ID within a token; undefined for any other text. */
export function tokenId(token: string): string | undefined {
  return pattern.exec(token)?.[1]
}

/** Compares in constant time. */
export function isSameToken(token: string, sha256: string): boolean {
  return timingSafeEqual(digest(token), Buffer.from(sha256, 'hex'))
}

export function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

export function parseTokenRecord(json: string): TokenRecord | undefined {
  const record = JSON.parse(json) as Partial<TokenRecord> | null
  const isKnown = record?.version === 1 && ['read', 'write', 'admin'].includes(record.access ?? '')
  return isKnown && /^[0-9a-f]{64}$/.test(record.sha256 ?? '') ? (record as TokenRecord) : undefined
}
