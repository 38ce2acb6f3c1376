import { isInvalidRequest, isTimeout, isTls, isUnknownHost, proxyStatus } from './failure.ts'

/** What to do about a failure: one table for destinations, buckets and commands. Loads nothing else. */

/** What the advice calls the things that differ. */
export interface Advised {
  /** The setting that holds the server's address, such as `the URL`. */
  address: string
  /** How to repeat it, as in `Try again`. */
  again: string
  /** What to do once the network works, as in `Then try again.` */
  finally: string
  /** For a response that nothing else here fits. */
  otherwise: string
  /** By status, or by the name of an error; goes before the common advice. */
  own?: Partial<Record<string, string>>
}

const byStatus: Record<number, (advised: Advised) => string> = {
  401: () => 'Check the token: it is missing, wrong or has expired.',
  403: () => 'Check that the token may do this, and that it belongs to this organization and project.',
  404: ({ address }) => `Check ${address} and the names in it.`,
  407: () => proxyAdvice(407),
  413: () => 'It is more than the server, or a proxy before it, takes at once. Raise its limit.',
  429: ({ again }) => `The server limits its requests. ${again} later.`,
}

export function adviceForStatus(status: number, advised: Advised): string {
  const known = advised.own?.[status] ?? byStatus[status]?.(advised)
  if (known) return known
  if (status >= 500 || status === 408 || status === 425) {
    return `The problem is on the server side. ${advised.again} when it is resolved.`
  }
  return status < 400 ? `Set ${advised.address} to the address that it leads to.` : advised.otherwise
}

/** @param code of an error that came instead of a response; `proxy` whether one stood between */
export function adviceForError(code: string, advised: Advised, proxy: boolean): string {
  const { address, again } = advised
  const refusal = proxyStatus(code)
  if (refusal !== undefined) return proxyAdvice(refusal)
  if (isTls(code)) return tlsAdvice(code)
  const own = advised.own?.[code]
  if (own) return own
  if (isUnknownHost(code)) return `Check ${proxy ? 'the proxy’s name in HTTPS_PROXY' : address}, or the name server.`
  if (isInvalidRequest(code)) return 'Check the options.'
  const network = 'the network (HTTPS_PROXY, a firewall)'
  if (isTimeout(code)) {
    return `Check ${address} and ${network}, or ${again[0]?.toLowerCase()}${again.slice(1)} when the server answers.`
  }
  const check = proxy ? 'the proxy (HTTPS_PROXY, HTTP_PROXY) and the network' : `${address} and ${network}`
  return `Check ${check}. ${advised.finally}`
}

/** 401 is what some proxies answer where 407 is meant. */
function proxyAdvice(status: number): string {
  return status === 407 || status === 401
    ? 'Put a name and a password into the URL of the proxy: HTTPS_PROXY, HTTP_PROXY.'
    : 'Let the proxy connect to it, or name the host in NO_PROXY.'
}

function tlsAdvice(code: string): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'The certificate is for another host. Check the URL.'
  if (/EXPIRED|NOT_YET_VALID/.test(code)) return "Check the certificate's dates and this machine's clock."
  if (/CERT|^UNABLE_TO_/.test(code)) {
    return 'If a private authority signed it, name its certificate by NODE_EXTRA_CA_CERTS (a file) or `ca` (PEM).'
  }
  return 'Check that the server speaks https: on this port.'
}
