import { get } from './api.js'
import { h } from './dom.js'
import { date, releaseName, size } from './format.js'
import { table } from './table.js'

/** The scripts with a debug ID, in every build. */
export async function searchView([id = ''], signal) {
  const field = document.getElementById('search')
  if (field.value.trim() !== id) field.value = id
  const { debugId, files } = await get(`files/${encodeURIComponent(id)}`, signal)
  return h(
    'section',
    { class: 'single' },
    h('header', {}, h('p', { class: 'facts' }, 'Debug ID'), h('h1', { tabindex: '-1', class: 'mono' }, debugId)),
    files.length === 0
      ? noneView()
      : table('Scripts with this debug ID', ['Script', 'Build', 'Built', 'Size', 'Decodes'], files.map(scriptRow)),
  )
}

export function scriptRow({ path, bytes, problem, build }) {
  return h(
    'tr',
    {},
    h('th', { scope: 'row', class: 'mono' }, path),
    h('td', {}, h('a', { href: `#/builds/${encodeURIComponent(build.id)}` }, releaseName(build))),
    h('td', {}, date(build.createdAt)),
    h('td', { class: 'number' }, size(bytes)),
    h('td', { class: problem ? 'alert wide' : undefined }, problem ? `No: ${problem}` : 'Yes'),
  )
}

function noneView() {
  return h(
    'p',
    { class: 'note' },
    'No build in this vault holds a script with this ID. It may have been deleted, or never uploaded: its stacks cannot be read.',
  )
}
