import { h } from './dom.js'
import { count, date } from './format.js'
import { section, table } from './table.js'

/** What clients sent about a release: when it was released, where it was deployed, its commits. */
export function releaseSections({ releasedAt, deploys, commits, commitCount }) {
  return [
    releasedAt && section('Released', h('p', {}, h('time', { datetime: releasedAt }, date(releasedAt)))),
    deploys.length > 0 && section('Deploys', deployTable(deploys)),
    commits.length > 0 && section('Commits', commitList(commits), more(commitCount - commits.length)),
  ]
}

function deployTable(deploys) {
  const rows = deploys.map(({ environment, name, at }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, environment),
      h('td', {}, h('time', { datetime: at }, date(at))),
      h('td', { class: 'wide' }, name),
    ),
  )
  return table('Deploys of this release', ['Environment', 'At', 'Name'], rows)
}

function commitList(commits) {
  return h(
    'ul',
    { class: 'commits' },
    commits.map(({ id, message, author }) =>
      h(
        'li',
        {},
        h('code', {}, id.slice(0, 8)),
        h('span', {}, message),
        author && h('span', { class: 'facts' }, author),
      ),
    ),
  )
}

function more(number) {
  return number > 0 && h('p', { class: 'note' }, `and ${count(number, 'older one')}`)
}
