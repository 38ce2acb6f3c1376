import { h } from './dom.js'

/** With its heading, which names it. */
export function section(title, ...content) {
  const id = `section-${title.toLowerCase().replaceAll(' ', '-')}`
  return h('section', { 'aria-labelledby': id }, h('h2', { id }, title), content)
}

/** Wide ones scroll by themselves, also by keys. */
export function table(caption, headings, rows) {
  const head = h(
    'tr',
    {},
    headings.map(heading => h('th', { scope: 'col' }, heading)),
  )
  return h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h('table', {}, h('caption', { class: 'quiet' }, caption), h('thead', {}, head), h('tbody', {}, rows)),
  )
}

/** The heading of a list that fills the screen of a phone; beside a list, what is chosen has it. */
export function listTitle(text) {
  return h('p', { class: 'quiet list-title', role: 'heading', 'aria-level': '1' }, text)
}
