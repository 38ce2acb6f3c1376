import { get } from './api.js'
import { announce, h, replace, warn } from './dom.js'
import { eventView } from './event.js'
import { eventFilter } from './event-filter.js'
import { ago, count } from './format.js'
import { listTitle } from './table.js'

/** In ms. */
const EVERY = 500

/** The latest events by group, kept up to date, and the chosen or else the newest one in detail. */
export async function eventsView([project, group, name], signal) {
  const heading = h('h2', { id: 'groups' })
  const filter = eventFilter(() => groups && render())
  const entries = h('div', {})
  const list = h(
    'section',
    { class: 'list', 'aria-labelledby': 'groups' },
    listTitle('Events'),
    heading,
    filter.view,
    entries,
  )
  const detail = h('article', { class: 'detail' })
  const root = h('div', { class: group ? 'split chosen' : 'split' }, list, detail)
  let groups
  let last = ''
  let openName = ''

  async function update() {
    const { groups: latest } = await get('events', signal)
    const text = JSON.stringify(latest)
    if (text === last) return
    if (groups) announceNew(groups, latest)
    last = text
    groups = latest
    if (groups.length === 0) return root.replaceChildren(await emptyView(signal))
    if (!root.contains(list)) root.replaceChildren(list, detail)
    filter.offer(groups)
    await render()
  }

  async function render() {
    const matching = groups.filter(filter.matches)
    const listed = groups.find(item => item.project === project && item.group === group)
    // The chosen group may be too old to be listed.
    const chosen = listed ?? (group ? { project, group } : matching[0])
    replace(heading, count(matching.length, 'kind'), ' of error')
    replace(
      entries,
      matching.length === 0
        ? h('p', { class: 'note' }, filter.missed())
        : h(
            'ul',
            {},
            matching.map(item => listItem(item, chosen)),
          ),
    )
    if (chosen) await open(chosen)
  }

  /** Keeps the focus of a reader who uses the keyboard. */
  async function open(chosen) {
    const path = `events/${encodeURIComponent(chosen.project)}/${chosen.group}`
    const wanted = name || chosen.name || (await get(path, signal)).events[0].name
    const isReading = openName !== '' && detail.contains(document.activeElement)
    if (wanted === openName || isReading) return
    const [{ events }, event] = await Promise.all([
      get(path, signal),
      get(`${path}/${encodeURIComponent(wanted)}`, signal),
    ])
    openName = wanted
    detail.replaceChildren(
      h('a', { class: 'back', href: '#/events' }, '← All events'),
      ...eventView(event, events, wanted),
    )
  }

  await update()
  keepUp(update, signal)
  return root
}

/** A hidden page does not ask; one that gets no answer asks on, as the server may come back. */
async function keepUp(update, signal) {
  while (!signal.aborted) {
    await new Promise(done => setTimeout(done, EVERY))
    if (document.hidden || signal.aborted) continue
    await update().then(
      () => warn(''),
      cause => signal.aborted || onTrouble(cause),
    )
  }
}

function onTrouble(cause) {
  if (cause.status === 401) return dispatchEvent(new HashChangeEvent('hashchange'))
  warn(`${cause.message} What is shown may be old.`)
}

function announceNew(before, groups) {
  const known = new Map(before.map(item => [item.group, item.count]))
  const [fresh] = groups.filter(item => known.get(item.group) !== item.count)
  if (fresh) announce(`New event: ${fresh.type}: ${fresh.value}`)
}

function listItem(item, chosen) {
  const { project, group, type, value, place, lastAt } = item
  const isChosen = item === chosen
  const link = h(
    'a',
    { class: 'entry', href: `#/events/${encodeURIComponent(project)}/${group}`, 'aria-current': isChosen && 'true' },
    h(
      'span',
      { class: 'name' },
      type,
      h('span', { class: 'tally', 'aria-label': count(item.count, 'event') }, String(item.count)),
    ),
    value && h('span', { class: 'message' }, value),
    h('span', { class: 'facts' }, ago(lastAt), place && ' · ', place && h('span', { class: 'mono' }, placeName(place))),
  )
  return h('li', {}, link)
}

/** Without its folders; the whole is beside the stack. */
function placeName({ file, line }) {
  const name = file.slice(file.lastIndexOf('/') + 1)
  return line === undefined ? name : `${name}:${line}`
}

async function emptyView(signal) {
  const { projects } = await get('about', signal)
  const code = projects.map(({ slug, dsn }) => `// ${slug}\nSentry.init({ dsn: '${dsn}' })`).join('\n\n')
  return h(
    'section',
    { class: 'empty' },
    h('h1', { tabindex: '-1' }, 'No event yet'),
    h('p', {}, 'Errors appear here within moments, symbolicated. Give any of Sentry’s SDKs this DSN:'),
    h('pre', { tabindex: '0', role: 'region', 'aria-label': 'Configuration' }, code),
    h('p', { class: 'note' }, 'Headers, cookies, IP addresses, users and query strings are dropped on arrival.'),
  )
}
