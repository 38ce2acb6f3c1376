/** What went wrong on the way to an answer, and what to do. Loads nothing. */

/** What a proxy answers to CONNECT but 2xx; its status follows. */
const refusedCode = 'MAPSEAL_PROXY_'

/** Of a proxy that does not connect, or that cannot be reached itself. */
export interface ProxyFailure extends Error {
  /** Host and port. */
  proxy: string
}

/** Some other status than 2xx, to CONNECT. */
export function proxyRefusal(status: number): Error {
  // Where the AWS SDK is to try again it asks for this.
  const passing = status >= 500 && { $retryable: {} }
  return Object.assign(new Error(`the proxy answered ${status}`), { code: `${refusedCode}${status}`, ...passing })
}

/** Of the code of an error; undefined for any other. */
export function proxyStatus(code: string): number | undefined {
  return code.startsWith(refusedCode) ? Number(code.slice(refusedCode.length)) : undefined
}

/** What to do about the status of a refusal. 401 is what some answer where 407 is meant. */
export function proxyAdvice(status: number): string {
  return status === 407 || status === 401
    ? 'Put a name and a password into the URL of the proxy: HTTPS_PROXY, HTTP_PROXY.'
    : 'Let the proxy connect to it, or name the host in NO_PROXY.'
}

/** Of the code of an error. */
export function isTls(code: string): boolean {
  return /CERT|^ERR_(?:SSL|TLS)_|^UNABLE_TO_|^EPROTO$|CRL|^HOSTNAME_MISMATCH$/.test(code)
}

export function tlsAdvice(code: string): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'The certificate is for another host. Check the URL.'
  if (/EXPIRED|NOT_YET_VALID/.test(code)) return "Check the certificate's dates and this machine's clock."
  if (/CERT|^UNABLE_TO_/.test(code)) {
    return 'If a private authority signed it, name its certificate by NODE_EXTRA_CA_CERTS (a file) or `ca` (PEM).'
  }
  return 'Check that the server speaks https: on this port.'
}
