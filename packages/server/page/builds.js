import { get } from './api.js'
import { buildView } from './build.js'
import { h } from './dom.js'
import { ago, commitName, count, releaseName } from './format.js'
import { listTitle } from './table.js'

/** The list of builds, and the chosen or else the newest one in detail. */
export async function buildsView([id], signal) {
  const { builds, total } = await get('builds', signal)
  if (builds.length === 0) return emptyView(await get('about', signal))
  const chosen = id || builds[0].id
  const build = await get(`builds/${encodeURIComponent(chosen)}`, signal)
  return h(
    'div',
    { class: id ? 'split chosen' : 'split' },
    h(
      'section',
      { class: 'list', 'aria-labelledby': 'builds' },
      listTitle('Builds'),
      h('h2', { id: 'builds' }, count(total, 'build')),
      h(
        'ul',
        {},
        brokenFirst(builds).map(item => listItem(item, chosen)),
      ),
      total > builds.length && h('p', { class: 'note' }, `The newest ${builds.length} are listed.`),
    ),
    h(
      'article',
      { class: 'detail' },
      h('a', { class: 'back', href: '#/builds' }, '← All builds'),
      buildView(build, signal),
    ),
  )
}

/** Builds with scripts that would not decode stand before all others. */
function brokenFirst(builds) {
  const isBroken = ({ scripts, decoding }) => scripts > decoding
  return [...builds.filter(isBroken), ...builds.filter(build => !isBroken(build))]
}

function listItem(build, chosen) {
  const broken = build.scripts - build.decoding
  const pending = build.deliveries.filter(({ state }) => state !== 'delivered')
  const link = h(
    'a',
    { class: 'entry', href: `#/builds/${encodeURIComponent(build.id)}`, 'aria-current': build.id === chosen && 'true' },
    h('span', { class: 'name' }, releaseName(build)),
    commitName(build) && h('span', { class: 'message' }, commitName(build)),
    h('span', { class: 'facts' }, ago(build.createdAt), ' · ', count(build.scripts, 'script')),
    broken > 0 && h('span', { class: 'alert' }, `${broken} not decoding`),
    pending.length > 0 && h('span', { class: 'alert' }, `Not delivered: ${pending.map(({ name }) => name).join(', ')}`),
  )
  return h('li', {}, link)
}

function emptyView({ org, projects }) {
  const [project] = projects
  const config = `import mapseal from 'mapseal/vite'
import { sentry } from 'mapseal/destinations/sentry'

export default {
  plugins: [
    mapseal({ destinations: [sentry({ url: '${location.origin}', org: '${org}', project: '${project?.slug}' })] }),
  ],
}`
  return h(
    'section',
    { class: 'empty' },
    h('h1', { tabindex: '-1' }, 'No build yet'),
    h(
      'p',
      {},
      'A build appears here as soon as its scripts and maps are uploaded, by Mapseal, by sentry-cli, or by one of Sentry’s plugins.',
    ),
    h('pre', { tabindex: '0', role: 'region', 'aria-label': 'Configuration' }, config),
    h('p', { class: 'note' }, 'A build that shares this server’s vault is here without an upload.'),
  )
}
