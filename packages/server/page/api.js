const KEY = 'mapseal-token'

/** An answer other than success; `status` is 0 if none came. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

/** The token, kept until the tab is closed, for this server only. */
export const token = {
  get: () => sessionStorage.getItem(KEY),
  set: value => sessionStorage.setItem(KEY, value),
  forget: () => sessionStorage.removeItem(KEY),
}

export function get(path, signal) {
  return call(path, { signal })
}

export function post(path, value, signal) {
  return call(path, { method: 'POST', body: JSON.stringify(value), signal })
}

async function call(path, { method = 'GET', body, signal }) {
  const secret = token.get()
  const headers = {
    ...(secret && { Authorization: `Bearer ${secret}` }),
    ...(body && { 'Content-Type': 'application/json' }),
  }
  const response = await fetch(`/api/${path}`, { method, headers, body, signal, credentials: 'omit' }).catch(cause => {
    if (signal?.aborted) throw cause
    throw new ApiError(0, 'The server does not answer. Is it still running?')
  })
  const value = await response.json().catch(() => undefined)
  if (!response.ok) throw new ApiError(response.status, value?.detail ?? `The server answered ${response.status}.`)
  return value
}
