/** @typedef {{ server: string, token: string }} Settings */

/** Kept in this browser alone: `storage.sync` would send the token to others. @returns {Promise<Settings>} */
export async function readSettings() {
  const { server = 'http://127.0.0.1:4700', token = '' } = await chrome.storage.local.get(['server', 'token'])
  return { server, token }
}

/** @param {Settings} settings */
export function writeSettings({ server, token }) {
  return chrome.storage.local.set({ server: server.replace(/\/+$/, ''), token })
}
