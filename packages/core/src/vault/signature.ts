import { createHmac, timingSafeEqual } from 'node:crypto'
import { MapsealError } from '../errors.ts'
import type { BuildRecord } from '../types.ts'

/** A key that can be guessed protects nothing. */
const shortestKey = 32

/**
 * Of a record, by the key in `MAPSEAL_VAULT_KEY`; undefined without one. A record names its files by their SHA-256, which is
 * compared when they are read, so it covers their bytes too.
 *
 * @throws MapsealError for a key that is too short
 */
export function signatureOf(
  build: BuildRecord,
  key: string | undefined = process.env.MAPSEAL_VAULT_KEY,
): string | undefined {
  if (!key) return undefined
  if (key.length < shortestKey) {
    const advice = 'Make one with "openssl rand -hex 32".'
    throw new MapsealError('vault', `MAPSEAL_VAULT_KEY must have at least ${shortestKey} characters. ${advice}`)
  }
  return createHmac('sha256', key)
    .update(`mapseal/record/1\0${JSON.stringify(build)}`)
    .digest('hex')
}

/**
 * @param id of the build whose place it is in
 * @throws SyntaxError if there is a key, and the record was not signed by it
 */
export function checkSignature(build: BuildRecord, signature: unknown, id: string | undefined): void {
  const expected = signatureOf(build)
  if (expected === undefined) return
  if (id !== undefined && build.id !== id) throw new SyntaxError(`it says that it is of the build ${build.id}`)
  if (signature === undefined) throw new SyntaxError('it is not signed, and MAPSEAL_VAULT_KEY is set')
  const [given, wanted] = [Buffer.from(String(signature)), Buffer.from(expected)]
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return
  throw new SyntaxError('its signature is not by MAPSEAL_VAULT_KEY: it was written with another key, or changed')
}
