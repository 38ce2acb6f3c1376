import { readSettings, writeSettings } from './settings.js'

const form = /** @type {HTMLFormElement} */ (document.querySelector('form'))
const { server, token } = await readSettings()
form.server.value = server
form.token.value = token

form.addEventListener('submit', async event => {
  event.preventDefault()
  await writeSettings({ server: form.server.value, token: form.token.value.trim() })
  form.querySelector('output').textContent = 'Saved. Reload the page that you debug.'
})
