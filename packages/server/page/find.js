import { get } from './api.js'
import { h } from './dom.js'
import { ago, count, releaseName } from './format.js'
import { scriptRow } from './search.js'
import { section, table } from './table.js'

/** Builds, scripts and errors that a text is found in. */
export async function findView([text = ''], signal) {
  const field = document.getElementById('search')
  if (field.value.trim() !== text) field.value = text
  const { builds, files, groups } = await get(`search/${encodeURIComponent(text)}`, signal)
  const total = builds.length + files.length + groups.length
  return h(
    'section',
    { class: 'single' },
    h('header', {}, h('h1', { tabindex: '-1' }, total === 0 ? 'Nothing found' : `Found: ${text}`)),
    total === 0 && noneView(text),
    builds.length > 0 && section('Builds', h('ul', {}, builds.map(buildItem))),
    files.length > 0 && table('Scripts', ['Script', 'Build', 'Built', 'Size', 'Decodes'], files.map(scriptRow)),
    groups.length > 0 && section('Errors', h('ul', {}, groups.map(groupItem))),
  )
}

function noneView(text) {
  return h(
    'p',
    { class: 'note' },
    `No release, script or message contains “${text}”, and no debug ID begins with it. A build that was deleted, or never uploaded, is not found.`,
  )
}

function buildItem(build) {
  const link = h('a', { href: `#/builds/${encodeURIComponent(build.id)}` }, releaseName(build))
  return h('li', {}, link, ' · ', ago(build.createdAt), ' · ', count(build.scripts, 'script'))
}

function groupItem({ project, group, type, value, lastAt, count: events }) {
  const link = h('a', { href: `#/events/${encodeURIComponent(project)}/${group}` }, type, value && `: ${value}`)
  return h('li', {}, link, ' · ', count(events, 'event'), ' · ', ago(lastAt))
}
