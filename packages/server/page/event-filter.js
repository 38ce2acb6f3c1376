import { h } from './dom.js'
import { shortName } from './format.js'

/** Fields that narrow the list of errors by text and by release. @param {() => void} onChange */
export function eventFilter(onChange) {
  const text = h('input', {
    type: 'search',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'Type, message or file',
    'aria-label': 'Filter by text',
    oninput: onChange,
  })
  const release = h('select', { 'aria-label': 'Filter by release', onchange: onChange })
  const wanted = () => text.value.trim().toLowerCase()

  return {
    view: h(
      'form',
      { class: 'filter', 'aria-label': 'Filter errors', onsubmit: event => event.preventDefault() },
      text,
      release,
    ),

    /** Lets the reader choose among the releases of these groups. */
    offer(groups) {
      const names = [...new Set(groups.flatMap(group => group.release ?? []))].sort()
      const chosen = release.value
      const option = (value, label) => h('option', { value, selected: value === chosen }, label)
      release.replaceChildren(option('', 'All releases'), ...names.map(name => option(name, shortName(name))))
    },

    /** Whether the filter lets a group through; its release is that of its latest event. */
    matches(group) {
      const { type, value, place } = group
      const isOfRelease = release.value === '' || group.release === release.value
      return isOfRelease && [type, value, place?.file, place?.function].join('\n').toLowerCase().includes(wanted())
    },

    /** What was not found, in words. */
    missed() {
      const what = wanted() === '' ? 'No error' : `No error with “${text.value.trim()}” in its type, message or file`
      return release.value === ''
        ? `${what} is listed.`
        : `${what} was seen last in release ${shortName(release.value)}.`
    },
  }
}
