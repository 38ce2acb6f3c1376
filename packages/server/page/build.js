import { get } from './api.js'
import { h } from './dom.js'
import { commitName, count, date, percent, releaseName, size } from './format.js'
import { releaseSections } from './release.js'
import { section, table } from './table.js'
import { treemap } from './treemap.js'

/** One build: how much of it decodes, as a picture and as a table, and where it was delivered. */
export function buildView(build, signal) {
  const files = [...build.files].sort(byNeed)
  const rows = new Map(files.map(file => [file, scriptRow(file)]))
  const pick = file => {
    const row = rows.get(file)
    row.scrollIntoView({ block: 'center' })
    row.focus({ preventScroll: true })
  }
  const sourcesOf = async ({ debugId }) => {
    const { sources } = await get(`builds/${encodeURIComponent(build.id)}/sources/${debugId}`, signal)
    return sources
  }
  return [
    h(
      'header',
      {},
      h('h1', { tabindex: '-1' }, releaseName(build)),
      h(
        'p',
        { class: 'facts' },
        date(build.createdAt),
        ' · ',
        h('span', { class: 'mono' }, build.id),
        projectsOf(build),
      ),
      commitName(build) && h('p', {}, commitName(build)),
      verdict(build, files),
    ),
    files.length > 0 && section('What decodes', treemap(files, pick, sourcesOf)),
    section('Deliveries', deliveries(build)),
    build.about && releaseSections(build.about),
    files.length > 0 && section('Scripts', scriptTable([...rows.values()])),
  ]
}

/** What needs a look first, then by size. */
function byNeed(one, other) {
  return Number(Boolean(other.problem)) - Number(Boolean(one.problem)) || other.bytes - one.bytes
}

function projectsOf({ projects }) {
  return projects && ` · ${projects.join(', ')}`
}

function verdict({ scripts, decoding, bytes }, files) {
  if (scripts === 0) return h('p', { class: 'verdict' }, 'It has no scripts.')
  if (decoding === scripts) {
    return h(
      'p',
      { class: 'verdict' },
      scripts === 1 ? 'Its one script decodes' : `All ${scripts} scripts decode`,
      h('span', {}, size(bytes)),
    )
  }
  const broken = files.filter(({ problem }) => problem).reduce((sum, file) => sum + file.bytes, 0)
  return h(
    'p',
    { class: 'verdict broken' },
    `${scripts - decoding} of ${count(scripts, 'script')} would not decode`,
    h('span', {}, `${percent(broken, bytes)} of ${size(bytes)}`),
  )
}

function deliveries({ deliveries }) {
  if (deliveries.length === 0) return h('p', { class: 'note' }, 'None but this vault.')
  const rows = deliveries.map(({ name, state, at, artifacts, message }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, name),
      h('td', { class: state === 'delivered' ? undefined : 'alert' }, state),
      h('td', {}, h('time', { datetime: at }, date(at))),
      h(
        'td',
        { class: 'wide' },
        artifacts !== undefined && count(artifacts, 'artifact'),
        artifacts !== undefined && message && ', ',
        message,
      ),
    ),
  )
  return table('Deliveries of this build', ['Destination', 'State', 'At', 'Its word'], rows)
}

function scriptTable(rows) {
  return table('Scripts of this build', ['Script', 'Size', 'Map', 'Decodes', 'Debug ID'], rows)
}

function scriptRow({ path, outDir, bytes, mapBytes, problem, debugId }) {
  const name = outDir ? `${outDir}/${path}` : path
  return h(
    'tr',
    { tabindex: '-1', class: problem ? 'broken' : undefined },
    h('th', { scope: 'row', class: 'mono' }, name),
    h('td', { class: 'number' }, size(bytes)),
    h('td', { class: 'number' }, mapBytes === undefined ? '–' : size(mapBytes)),
    h('td', { class: problem ? 'alert wide' : undefined }, problem ? `No: ${problem}` : 'Yes'),
    h('td', { class: 'mono' }, h('a', { href: `#/id/${encodeURIComponent(debugId)}` }, debugId)),
  )
}
