import { token } from './api.js'
import { h } from './dom.js'

/** Asks for a token, and goes on where it was missed. */
export function tokenView(reason, onEntered) {
  const wasRefused = token.get() !== null
  const field = h('input', {
    id: 'token',
    type: 'password',
    autocomplete: 'off',
    required: true,
    'aria-describedby': 'token-note',
  })
  const enter = event => {
    event.preventDefault()
    token.set(field.value.trim())
    onEntered()
  }
  return h(
    'section',
    { class: 'empty' },
    h('h1', { tabindex: '-1' }, wasRefused ? 'That token does not open it' : 'A token opens this page'),
    h(
      'p',
      {},
      wasRefused ? reason : 'This server shows builds, sources and events to those who have a token for reading.',
    ),
    h(
      'form',
      { class: 'sign-in', onsubmit: enter },
      h('label', { for: 'token' }, 'Token for reading'),
      h('div', { class: 'row' }, field, h('button', {}, 'Open')),
      h(
        'p',
        { class: 'note', id: 'token-note' },
        'It is kept until this tab is closed. ',
        h('code', {}, 'mapseal serve token create --access read'),
        ' makes one.',
      ),
    ),
  )
}
