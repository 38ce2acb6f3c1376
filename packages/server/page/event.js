import { announce, h } from './dom.js'
import { ago, date, shortName } from './format.js'
import { framesView } from './frames.js'
import { eventMarkdown, rawStack } from './markdown.js'
import { section } from './table.js'

/** One event: what was thrown, its stack with the source, and its causes. */
export function eventView(event, siblings, name) {
  const [thrown, ...causes] = event.exceptions
  return [
    h(
      'header',
      {},
      h('h1', { tabindex: '-1' }, thrown?.type ?? 'Error'),
      thrown?.value && h('p', { class: 'message' }, thrown.value),
      factsOf(event),
      siblings.length > 1 && pager(event, siblings, name),
      copyButton(event),
    ),
    section('Stack', framesView(thrown?.frames ?? [])),
    ...causes.map(causeView),
    rawView(event),
    Object.keys(event.tags).length > 0 && section('Tags', pairs(Object.entries(event.tags))),
  ].filter(Boolean)
}

function copyButton(event) {
  async function copy({ currentTarget: button }) {
    await navigator.clipboard.writeText(eventMarkdown(event)).then(
      () => announce('Copied as Markdown'),
      () => announce('The browser does not let this page copy'),
    )
    button.textContent = document.getElementById('status').textContent
  }
  return h('button', { type: 'button', class: 'plain', onclick: copy }, 'Copy as Markdown')
}

function rawView(event) {
  const text = h('pre', { tabindex: '0', role: 'region', 'aria-label': 'Raw stack' }, rawStack(event))
  return h('details', {}, h('summary', {}, 'Raw stack'), text)
}

function causeView({ type, value, frames }, index) {
  const id = `cause-${index}`
  return h(
    'section',
    { 'aria-labelledby': id },
    h('h2', { id }, 'Caused by'),
    h('p', { class: 'message' }, h('strong', {}, type), value && `: ${value}`),
    framesView(frames),
  )
}

function factsOf({ receivedAt, release, dist, environment, project, url, runtime, sdk, level }) {
  const facts = [
    ['When', ago(receivedAt)],
    ['Release', release && (dist ? `${shortName(release)} (${dist})` : shortName(release))],
    ['Environment', environment],
    ['Project', project],
    ['Level', level === 'error' ? undefined : level],
    ['Page', url],
    ['Runtime', runtime],
    ['SDK', sdk],
  ]
  return pairs(facts.filter(([, value]) => value))
}

function pairs(entries) {
  const items = entries.map(([term, value]) => h('div', {}, h('dt', {}, term), h('dd', {}, value)))
  return h('dl', { class: 'pairs' }, items)
}

function pager({ project, group }, siblings, name) {
  const at = siblings.findIndex(sibling => sibling.name === name)
  const link = (index, text) => {
    const sibling = siblings[index]
    if (!sibling) return h('span', { 'aria-hidden': 'true' }, text)
    const href = `#/events/${encodeURIComponent(project)}/${group}/${encodeURIComponent(sibling.name)}`
    return h('a', { href, title: date(sibling.at) }, text)
  }
  const place = h('span', {}, `${siblings.length - at} of ${siblings.length}`)
  return h(
    'nav',
    { class: 'pager', 'aria-label': 'Events of this kind' },
    link(at + 1, '← Older'),
    place,
    link(at - 1, 'Newer →'),
  )
}
