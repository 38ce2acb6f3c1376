import { ApiError, token } from './api.js'
import { buildsView } from './builds.js'
import { announce, h, warn } from './dom.js'
import { eventsView } from './events.js'
import { findView } from './find.js'
import { refreshAges } from './format.js'
import { searchView } from './search.js'
import { stackView } from './stack.js'
import { tokenView } from './token.js'

/** By the first part of the address after `#/`; a view returns what `main` holds, and stops when its signal says so. */
const views = { builds: buildsView, events: eventsView, stack: stackView, id: searchView, search: findView }

const main = document.getElementById('main')
const forget = document.getElementById('forget')
const search = document.getElementById('search')
let shown = new AbortController()

async function show() {
  shown.abort()
  shown = new AbortController()
  warn('')
  const { signal } = shown
  const [name, ...rest] = partsOf(location.hash)
  markCurrent(name)
  forget.hidden = token.get() === null
  main.setAttribute('aria-busy', 'true')
  const content = await viewOf(name, rest, signal)
  if (signal.aborted) return
  main.removeAttribute('aria-busy')
  main.replaceChildren(content)
  const title = main.querySelector('h1')?.textContent
  document.title = title ? `${title} · Mapseal` : 'Mapseal'
}

async function viewOf(name, rest, signal) {
  try {
    return await (views[name] ?? views.builds)(rest, signal)
  } catch (cause) {
    return signal.aborted ? undefined : problemView(cause)
  }
}

function problemView(cause) {
  const isRefused =
    cause instanceof ApiError && (cause.status === 401 || (cause.status === 403 && token.get() !== null))
  if (isRefused) return tokenView(cause.message, show)
  announce(cause.message)
  const retry = h('button', { type: 'button', onclick: show }, 'Try again')
  const title = cause.status === 404 ? 'Not here' : 'That did not work'
  return h('section', { class: 'empty' }, h('h1', { tabindex: '-1' }, title), h('p', {}, cause.message), retry)
}

function partsOf(hash) {
  const parts = hash.replace(/^#\/?/, '').split('/')
  try {
    return parts.map(decodeURIComponent)
  } catch {
    return ['builds']
  }
}

function markCurrent(name) {
  for (const link of document.querySelectorAll('nav a')) {
    const isCurrent = link.getAttribute('href') === `#/${name || 'builds'}`
    if (isCurrent) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
}

document.getElementById('find').addEventListener('submit', event => {
  event.preventDefault()
  const text = search.value.trim()
  const isId = /^[\da-f]{32}$/i.test(text.replaceAll('-', ''))
  if (text) location.hash = `#/${isId ? 'id' : 'search'}/${encodeURIComponent(text)}`
})

forget.addEventListener('click', () => {
  token.forget()
  show()
})

// The skip link is an address too, but of no view.
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault()
  main.focus()
})

addEventListener('hashchange', async () => {
  await show()
  // With a keyboard or a screen reader, reading goes on at what the link led to.
  main.querySelector('[data-focus], h1')?.focus({ preventScroll: true })
  scrollTo(0, 0)
})

setInterval(refreshAges, 15_000)
await show()
