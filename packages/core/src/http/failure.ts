/** Failures on the way to a response, by the codes of their errors. Loads nothing. */

/** A proxy's response to CONNECT other than 2xx; its status follows. */
const refusedCode = 'MAPSEAL_PROXY_'

/** A proxy refused to connect, or could not be reached itself. */
export interface ProxyFailure extends Error {
  /** Host and port. */
  proxy: string
}

/** The error for a response to CONNECT other than 2xx. */
export function proxyRefusal(status: number): Error {
  // The AWS SDK tries again where it finds this.
  const passing = status >= 500 && { $retryable: {} }
  return Object.assign(new Error(`the proxy answered ${status}`), { code: `${refusedCode}${status}`, ...passing })
}

/** The status of a {@link proxyRefusal} by its code; undefined for any other code. */
export function proxyStatus(code: string): number | undefined {
  return code.startsWith(refusedCode) ? Number(code.slice(refusedCode.length)) : undefined
}

export function isTls(code: string): boolean {
  return /CERT|^ERR_(?:SSL|TLS)_|^UNABLE_TO_|^EPROTO$|CRL|^HOSTNAME_MISMATCH$/.test(code)
}

export function isUnknownHost(code: string): boolean {
  return code === 'ENOTFOUND' || code.startsWith('EAI_')
}

export const timeoutCodes = { headers: 'MAPSEAL_HEADERS_TIMEOUT', body: 'MAPSEAL_BODY_TIMEOUT', connect: 'ETIMEDOUT' }

export function isTimeout(code: string): boolean {
  return Object.values(timeoutCodes).includes(code)
}

/** A request that is wrong in itself, such as a header with a line break: another try would not help. */
export function isInvalidRequest(code: string): boolean {
  return /^ERR_(?:INVALID|UNESCAPED|HTTP_INVALID)|^UND_ERR_(?:INVALID_ARG|NOT_SUPPORTED)$/.test(code)
}
