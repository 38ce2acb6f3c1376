import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import tls, { type SecureContext } from 'node:tls'
import { HttpError, reason } from '../errors.ts'

/**
 * What connections trust, for the first one that needs it: reading certificates takes long. An invalid `ca` is reported at once.
 * @throws HttpError when `ca` is not PEM
 */
export function trustLater(ca: string | string[] | undefined, env: NodeJS.ProcessEnv): () => SecureContext | undefined {
  const own = ca === undefined ? undefined : trust(ca, env)
  return () => own ?? trust(undefined, env)
}

/**
 * Trusts the default roots, those of `NODE_EXTRA_CA_CERTS` and `ca` (PEM); undefined where Node's own default is that
 * already. One context for all connections: reading 150 certificates takes longer than a handshake.
 * @throws HttpError when `ca` is not PEM
 */
function trust(ca: string | string[] | undefined, env: NodeJS.ProcessEnv): SecureContext | undefined {
  const own = [ca ?? []].flat()
  const extra = readExtra(env.NODE_EXTRA_CA_CERTS)
  if (own.length === 0 && extra.length === 0) return undefined
  if (own.some(pem => !pem.includes('-----BEGIN '))) {
    throw new HttpError('`ca` does not hold a PEM certificate. Give it the text of one, not the path of its file.')
  }
  try {
    // A context ignores what it cannot read.
    for (const pem of own) new X509Certificate(pem)
    return tls.createSecureContext({ ca: [...defaultRoots(), ...extra, ...own] })
  } catch (cause) {
    throw new HttpError(`The certificates of \`ca\` cannot be read: ${reason(cause)}. Give them as PEM.`)
  }
}

/** Since Node 22.15 with the system's, where `--use-system-ca` asks for them. */
function defaultRoots(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] }
  return getCACertificates?.('default') ?? tls.rootCertificates
}

/** Node reads the file at its start, and only warns when it cannot; but any `ca` at all replaces what it read. */
function readExtra(path: string | undefined): string[] {
  try {
    const pem = path ? readFileSync(path, 'utf8') : ''
    return pem.includes('-----BEGIN ') ? [pem] : []
  } catch {
    return []
  }
}
