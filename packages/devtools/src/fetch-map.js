import { readSettings } from './settings.js'

/**
 * A script's map from the server, as a URL that DevTools can load without asking anybody. Undefined if the server has none.
 *
 * @param {string} debugId
 * @throws Error in words for people if the server cannot be reached or refuses
 */
export async function fetchMap(debugId) {
  const { server, token } = await readSettings()
  const headers = token ? { Authorization: `Bearer ${token}` } : {}
  const response = await fetch(`${server}/api/maps/${debugId}`, {
    headers,
    credentials: 'omit',
    cache: 'no-store',
  }).catch(cause => {
    throw new Error(`${server} cannot be reached: ${cause.message}. Is it running, and does its address fit?`)
  })
  if (response.status === 404) return undefined
  if (response.status === 401 || response.status === 403) {
    throw new Error(`${server} refuses the token. Give it a read token on the options page of the extension.`)
  }
  if (!response.ok) throw new Error(`${server} answered ${response.status}.`)
  return dataUrl(await response.blob())
}

/** DevTools loads no `blob:` URL of an extension. @param {Blob} blob @returns {Promise<string>} */
function dataUrl(blob) {
  return new Promise((done, fail) => {
    const reader = new FileReader()
    reader.onload = () => done(String(reader.result))
    reader.onerror = () => fail(reader.error)
    reader.readAsDataURL(blob)
  })
}
